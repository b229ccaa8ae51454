"""`warmkey doctor`: on functions and on projects."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.fakes.account import DECLARED, Account
from tests.fakes.operator import ACCOUNT, PROFILE, REGION, Operator

TABLE = {"stages": {"prod": {"key": "/key/live"}, "dev": {"key": "/key/test"}}}


@pytest.fixture
def account(operator: Operator) -> Account:
    """An account in which all is well."""
    return Account(operator)


def examine(operator: Operator, *arguments: str) -> list[tuple[str, str, str]]:
    """The findings: severity, check and problem."""
    result = operator.run("doctor", "--profile", PROFILE, "--json", *arguments)
    found: list[dict[str, str]] = json.loads(result.stdout)
    assert result.exit_code == any(each["severity"] == "error" for each in found)
    return [
        (each["severity"], each["check"], each["problem"])
        for each in found
        if each["severity"] != "ok"
    ]


def test_a_function_in_good_order_gets_nothing_said(account: Account) -> None:
    """With the policy that `warmkey policy` prints, and no more."""
    account.function()
    account.allow()
    result = account.operator.run("doctor", "billing", "--profile", PROFILE)
    assert result.exit_code == 0
    assert result.stdout == f"function billing in {REGION}, stage live: nothing is wrong\n"
    assert result.stderr == "examined: 1; errors: 0, warnings: 0, not checked: 0\n"
    asked = [question["ActionNames"] for question in account.simulator.asked]
    assert asked.count(["kms:Decrypt"]) == 2


def test_every_statement_of_the_policy_is_needed(account: Account) -> None:
    """Without it, just that is found."""
    account.function()
    account.allow()
    iam = account.operator.client("iam")
    whole = iam.get_role_policy(RoleName="r", PolicyName="warmkey")["PolicyDocument"]
    for statement in whole["Statement"]:
        rest = [each for each in whole["Statement"] if each != statement]
        iam.put_role_policy(
            RoleName="r",
            PolicyName="warmkey",
            PolicyDocument=json.dumps({**whole, "Statement": rest}),
        )
        problems = [problem for _, _, problem in examine(account.operator, "billing")]
        assert {problem.split()[0] for problem in problems} == set(statement["Action"])


def test_a_finding_says_what_it_costs_and_how_to_mend_it(account: Account) -> None:
    """The worst first."""
    account.operator.client("ssm").delete_parameter(Name="/key/live")
    account.function(Environment={"Variables": {**DECLARED, "WARMKEY_TTTL": "1"}})
    account.allow()
    result = account.operator.run("doctor", "billing", "--profile", PROFILE)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"function billing in {REGION}, stage live",
        "  error references: /key/live: missing",
        "    impact: reading it fails; with WARMKEY_REQUIRED=true, so does every start of the "
        "function",
        "    fix:    store it (warmkey put /key/live), or correct the declaration",
        "  warning settings: WARMKEY_TTTL is not a setting; did you mean WARMKEY_TTL?",
        "    impact: it has no effect",
        "    fix:    correct the variable's name or value, or remove it",
    ]


def test_a_disabled_key_is_found(account: Account) -> None:
    """Through the parameters that it encrypts."""
    account.operator.client("kms").disable_key(KeyId=account.key.rpartition("/")[2])
    account.function()
    account.allow()
    assert examine(account.operator, "billing") == [("error", "keys", f"{account.key} is Disabled")]


def test_a_stage_that_is_not_known_is_found(account: Account) -> None:
    """In the table that lies in the function's package, and is named here."""
    (account.operator.folder / "warmkey.json").write_text(json.dumps(TABLE))
    account.function(Environment={"Variables": {"STAGE": "featureX"}})
    [(severity, check, problem)] = examine(account.operator, "billing")
    assert (severity, check) == ("error", "declarations")
    assert problem.startswith("stage 'featureX' is unknown; known stages: dev, prod")
    [missing] = examine(account.operator, "billing", "--stage", "dev")[:1]
    assert missing == ("error", "references", "/key/test: missing")


def test_a_setting_that_stops_the_extension_is_found(account: Account) -> None:
    """The rest is looked at all the same."""
    variables = {**DECLARED, "WARMKEY_MAX_CONNECTIONS": "many"}
    account.function(Environment={"Variables": variables})
    account.allow()
    [(severity, check, problem)] = examine(account.operator, "billing")
    assert (severity, check) == ("error", "settings")
    assert "WARMKEY_MAX_CONNECTIONS is 'many'; it must be a whole number" in problem


def test_variables_that_may_not_be_read_are_not_called_fine(account: Account) -> None:
    """Lambda says why in their place; no stage is guessed, as they may set it."""
    (account.operator.folder / "warmkey.json").write_text(json.dumps({**TABLE, "fallback": "dev"}))
    account.function()
    found = account.operator.client("lambda").get_function(FunctionName="billing")
    error = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "no kms:Decrypt"}}
    described = {**found["Configuration"], "Environment": error}
    account.operator.answer("lambda.GetFunction", lambda _: {"Configuration": described})
    unread = ("unchecked", "settings", "kms:Decrypt was refused: no kms:Decrypt")
    stageless = "its stage is not known, as its variables can't be read"
    assert examine(account.operator, "billing") == [
        unread,
        ("unchecked", "declarations", stageless),
    ]
    of_dev = examine(account.operator, "billing", "--stage", "dev")
    assert of_dev[:2] == [unread, ("error", "references", "/key/test: missing")]


def test_a_function_that_declares_nothing_is_told_where_it_could(account: Account) -> None:
    """Nobody can look into its package from here."""
    account.function(Environment={"Variables": {}})
    assert examine(account.operator, "billing") == [
        ("warning", "declarations", "nothing is declared in its variables")
    ]


def test_a_burst_over_the_quota_is_found(account: Account) -> None:
    """By what is reserved for the function, and by what one start of it costs."""
    account.operator.answer(
        "ssm.GetServiceSetting", lambda _: {"ServiceSetting": {"SettingValue": "false"}}
    )
    account.function()
    account.allow()
    [(severity, check, problem)] = examine(account.operator, "billing")
    assert (severity, check) == ("warning", "quota")
    assert problem.startswith("1000 cold starts at once make 2000 calls to Parameter Store")
    account.operator.client("lambda").put_function_concurrency(
        FunctionName="billing", ReservedConcurrentExecutions=200
    )
    assert examine(account.operator, "billing") == []


def test_a_function_in_a_closed_network_is_found(account: Account) -> None:
    """With both services that it reads from."""
    ec2 = account.operator.client("ec2")
    network = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=network, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    account.function(VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": ["sg-1"]})
    account.allow()
    found = examine(account.operator, "billing")
    assert [(severity, check) for severity, check, _ in found] == [("error", "network")] * 2
    assert subnet in found[0][2]
    variables = {**DECLARED, "AWS_USE_FIPS_ENDPOINT": "true"}
    account.function(
        "fips",
        Environment={"Variables": variables},
        VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": ["sg-1"]},
    )
    problems = [problem for _, _, problem in examine(account.operator, "fips")]
    assert ["-fips with private DNS" in problem for problem in problems] == [True, True]


def test_a_question_that_may_not_be_asked_is_not_called_fine(account: Account) -> None:
    """But it is no error either."""
    account.function(VpcConfig={"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]})
    account.operator.deny("iam.SimulatePrincipalPolicy")
    for action in (
        "ssm.DescribeParameters",
        "secretsmanager.DescribeSecret",
        "ec2.DescribeVpcEndpoints",
        "lambda.GetAccountSettings",
        "lambda.GetLayerVersion",
    ):
        account.operator.deny(action)
    found = examine(account.operator, "billing")
    assert {severity for severity, _, _ in found} == {"unchecked"}
    assert {check for _, check, _ in found} == {
        "references",
        "permissions",
        "network",
        "quota",
        "layer",
    }


def test_a_version_that_may_not_be_seen_is_told_by_the_permission_for_it(
    operator: Operator,
) -> None:
    """DescribeParameters, which may be asked, knows the newest alone."""
    operator.deny("ssm.GetParameter")
    [(_, check, problem)] = examine(operator, "--secret", "KEY=/key:3")
    assert (check, problem.partition(" was")[0]) == ("references", "ssm:GetParameter")


def test_keys_that_may_not_be_seen_are_not_called_fine(account: Account) -> None:
    """Nor are their policies."""
    account.function()
    account.allow()
    for action in ("kms.GetKeyPolicy", "kms.DescribeKey"):
        account.operator.deny(action)
        [(severity, check, problem)] = examine(account.operator, "billing")
        assert (severity, check) == ("unchecked", "keys")
        assert problem.startswith(f"{action.replace('.', ':')} was refused")


def test_several_functions_are_examined_and_each_failure_told(account: Account) -> None:
    """By name, prefix or tag."""
    account.function()
    account.function("shipping")
    account.allow()
    result = account.operator.run("doctor", "nowhere", "billing", "shipping", "--profile", PROFILE)
    assert result.exit_code == 1
    assert result.stdout.count("nothing is wrong") == 2
    assert "nowhere: there is no function nowhere in eu-central-1" in result.stderr
    assert "examined: 2; errors: 0, warnings: 0, not checked: 0; could not be examined: 1" in (
        result.stderr
    )
    assert examine(account.operator, "--prefix", "ship") == []


def test_the_project_is_examined_where_no_function_is_named(account: Account) -> None:
    """Every stage of it, or one."""
    (account.operator.folder / "warmkey.json").write_text(json.dumps(TABLE))
    result = account.operator.run("doctor", "--profile", PROFILE)
    where = f"account {ACCOUNT}, region {REGION}, profile {PROFILE}"
    assert result.stdout.startswith(
        f"project in {where}, stage (all)\n  error references: /key/test"
    )
    assert examine(account.operator, "--stage", "prod") == []


@pytest.mark.parametrize(
    ("arguments", "exit_code", "complaint"),
    [
        ([], 1, "project: nothing is declared: there is no warmkey.json here"),
        (
            ["billing", "--stage", "a", "--stage", "b"],
            2,
            "a function has one stage; pass --stage once",
        ),
    ],
)
def test_a_function_that_can_not_be_examined_is_said_so(
    operator: Operator, arguments: list[str], exit_code: int, complaint: str
) -> None:
    """With what to do."""
    result = operator.run("doctor", "--profile", PROFILE, *arguments)
    assert result.exit_code == exit_code
    assert complaint in result.stderr


def test_json_names_every_function_with_its_region_and_stage(account: Account) -> None:
    """In fields of their own, also one that nothing is wrong with."""
    account.function()
    account.function("mail", Timeout=1)
    account.allow()
    result = account.operator.run("doctor", "billing", "mail", "--profile", PROFILE, "--json")
    rows = json.loads(result.stdout)
    told = [(row["function"], row["region"], row["stage"], row["severity"]) for row in rows]
    assert told == [("billing", REGION, "live", "ok"), ("mail", REGION, "live", "warning")]


@pytest.mark.parametrize(
    ("detail", "problem", "remedy"),
    [
        (
            {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}},
            "is not allowed by the permissions boundary of the role on",
            "allow it in the boundary, too",
        ),
        (
            {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}},
            "is not allowed by the organization's policies (SCP) on",
            "have it allowed by those who manage the organization",
        ),
    ],
)
def test_boundary_and_scp_are_named_with_their_own_remedy(
    account: Account, detail: dict[str, object], problem: str, remedy: str
) -> None:
    """No policy of the role's own can help there."""
    account.function()
    account.allow()

    def simulate(asked: Mapping[str, Any]) -> Mapping[str, Any]:
        results = account.simulator.answer(asked)["EvaluationResults"]
        return {
            "EvaluationResults": [
                {**each, "EvalDecision": "implicitDeny", **detail} for each in results
            ]
        }

    account.operator.answer("iam.SimulatePrincipalPolicy", simulate)
    result = account.operator.run("doctor", "billing", "--profile", PROFILE)
    assert result.exit_code == 1
    assert problem in result.stdout
    assert remedy in result.stdout
    assert "warmkey attach --with-policy" not in result.stdout


def test_call_that_failed_is_not_called_refused(account: Account) -> None:
    """Nobody has to be granted anything."""
    account.function()
    account.allow()
    account.operator.fail("iam.SimulatePrincipalPolicy", "ServiceFailure", "try later")
    result = account.operator.run("doctor", "billing", "--profile", PROFILE)
    assert "iam:SimulatePrincipalPolicy failed: ServiceFailure: try later" in result.stdout
    assert "run this again" in result.stdout

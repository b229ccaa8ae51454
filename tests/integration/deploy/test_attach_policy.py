"""`warmkey attach --with-policy`: a function's role may read what it declares, and no more."""

import json
from typing import Any

import pytest

from tests.fakes.fleet import Fleet
from tests.fakes.operator import ACCOUNT, CANARY, REGION, Operator

NAME = f"warmkey-{REGION}"
BEFORE_0_2 = f"warmkey-{REGION}-billing"
SECRET = ("--secret", "KEY=/key/{stage}", "--stages", "prod=live,*=test", "--stage", "prod")
OWN: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
}
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"


@pytest.fixture
def fleet(operator: Operator) -> Fleet:
    """An account with Warmkey's layers and a function."""
    fleet = Fleet(operator)
    fleet.warmkey()
    fleet.function("billing")
    return fleet


def attach(operator: Operator, *arguments: str) -> str:
    """Attach with a policy, and return what is printed."""
    result = operator.run("attach", "billing", "--yes", "--with-policy", *arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_role_may_read_what_the_stage_needs(operator: Operator, fleet: Fleet) -> None:
    """That is its live key, and no other stage's."""
    attach(operator, *SECRET)
    [(name, document)] = fleet.policies("billing").items()
    [statement] = document["Statement"]
    assert name == NAME
    assert statement["Action"] == ["ssm:GetParameter", "ssm:GetParameters"]
    assert statement["Resource"] == [f"{PARAMETER}/key/live"]


def test_a_policy_is_also_for_what_the_function_declared_already(
    operator: Operator, fleet: Fleet
) -> None:
    """The policy is for the functions, not for one call of this command."""
    attach(operator, *SECRET)
    printed = attach(operator, "--secret", "OTHER=/other")
    [statement] = fleet.policies("billing")[NAME]["Statement"]
    assert statement["Resource"] == [f"{PARAMETER}/key/live", f"{PARAMETER}/other"]
    assert f"role billing-role, inline policy {NAME}" in printed
    assert "  - ReadParameters: " in printed
    assert "  + ReadParameters: " in printed


def test_a_customer_managed_key_may_be_used_for_it(operator: Operator, fleet: Fleet) -> None:
    """By way of SSM, for this parameter."""
    key = operator.client("kms").create_key()["KeyMetadata"]
    operator.client("ssm").put_parameter(
        Name="/key/live", Value=CANARY, Type="SecureString", KeyId=key["KeyId"]
    )
    attach(operator, *SECRET)
    decrypt = fleet.policies("billing")[NAME]["Statement"][1]
    assert (decrypt["Action"], decrypt["Resource"]) == (["kms:Decrypt"], [key["Arn"]])


def test_a_key_that_could_not_be_found_out_is_told(operator: Operator, fleet: Fleet) -> None:
    """A parameter that is not there yet has no KMS key."""
    assert "role billing-role: the KMS key of /key/live is not known" in attach(operator, *SECRET)
    assert NAME in fleet.policies("billing")


def test_other_policies_of_the_role_stay(operator: Operator, fleet: Fleet) -> None:
    """Only the one of this name is Warmkey's."""
    operator.client("iam").put_role_policy(
        RoleName="billing-role", PolicyName="own", PolicyDocument=json.dumps(OWN)
    )
    attach(operator, *SECRET)
    operator.run("detach", "billing", "--yes")
    assert [*fleet.policies("billing")] == ["own"]


def test_attaching_again_changes_nothing(operator: Operator, fleet: Fleet) -> None:
    """Neither the role nor the function."""
    attach(operator, *SECRET)
    before = fleet.policies("billing")
    operator.deny("iam.PutRolePolicy")
    assert "nothing to change" in attach(operator, *SECRET)
    assert fleet.policies("billing") == before


@pytest.mark.parametrize("statement", [OWN["Statement"], OWN["Statement"][0]])
def test_a_statement_that_somebody_wrote_is_shown_before_it_goes(
    operator: Operator, fleet: Fleet, statement: Any
) -> None:
    """A statement needs no name, and a single one no list."""
    operator.client("iam").put_role_policy(
        RoleName="billing-role",
        PolicyName=NAME,
        PolicyDocument=json.dumps({**OWN, "Statement": statement}),
    )
    assert '  - statement 1: {"Action": "s3:ListAllMyBuckets"' in attach(operator, *SECRET)
    [left] = fleet.policies("billing")[NAME]["Statement"]
    assert left["Sid"] == "ReadParameters"


def test_a_function_that_declares_nothing_gets_no_policy(operator: Operator, fleet: Fleet) -> None:
    """What its warmkey.json declares is not known here."""
    result = operator.run("attach", "billing", "--yes", "--with-policy")
    assert result.exit_code == 1
    assert "no variable of it declares a secret, so there is nothing to allow" in result.stderr
    assert not fleet["billing"].layers


def test_attach_without_the_permission_to_allow_it_changes_nothing(
    operator: Operator, fleet: Fleet
) -> None:
    """The role comes first, so that no start of the function fails for want of it."""
    operator.deny("iam.PutRolePolicy")
    result = operator.run("attach", "billing", "--yes", "--with-policy", *SECRET)
    assert result.exit_code == 1
    assert "billing: PutRolePolicy: AccessDeniedException" in result.stderr
    assert not fleet["billing"].layers


def test_a_function_that_was_not_attached_leaves_no_policy(
    operator: Operator, fleet: Fleet
) -> None:
    """What was allowed beforehand is taken back."""
    operator.deny("lambda.UpdateFunctionConfiguration")
    result = operator.run("attach", "billing", "--yes", "--with-policy", *SECRET)
    assert result.exit_code == 1
    assert "billing: UpdateFunctionConfiguration: AccessDeniedException" in result.stderr
    assert fleet.policies("billing") == {}


def test_a_former_role_loses_the_policy(operator: Operator, fleet: Fleet) -> None:
    """It runs the function no more; detaching afterwards would know of the new one alone."""
    attach(operator, *SECRET)
    fleet.function("mailing")
    operator.client("lambda").update_function_configuration(
        FunctionName="billing", Role=fleet["mailing"].role
    )
    printed = attach(operator)
    assert f"role billing-role, inline policy {NAME}" in printed
    assert fleet.policies("billing") == {}
    assert NAME in fleet.policies("mailing")


def test_functions_of_one_role_share_one_policy(operator: Operator, fleet: Fleet) -> None:
    """A hundred copies of a statement would exceed what IAM allows a role."""
    names = [f"worker-{number}" for number in range(3)]
    for name in names:
        fleet.function(name, role=fleet["billing"].role)
    result = operator.run("attach", "billing", *names, "--yes", "--with-policy", *SECRET)
    assert result.exit_code == 0, result.output
    [(name, document)] = fleet.policies("billing").items()
    [statement] = document["Statement"]
    assert (name, statement["Resource"]) == (NAME, [f"{PARAMETER}/key/live"])
    assert result.stdout.count("inline policy") == 1


def test_the_policy_of_a_role_is_for_what_any_of_its_functions_declares(
    operator: Operator, fleet: Fleet
) -> None:
    """Whichever is attached first, and whichever is detached."""
    fleet.function("mailing", role=fleet["billing"].role)
    attach(operator, *SECRET)
    operator.run("attach", "mailing", "--yes", "--with-policy", "--secret", "MAIL=/mail")
    [statement] = fleet.policies("billing")[NAME]["Statement"]
    assert statement["Resource"] == [f"{PARAMETER}/key/live", f"{PARAMETER}/mail"]
    assert operator.run("detach", "billing", "--yes").exit_code == 0
    [statement] = fleet.policies("billing")[NAME]["Statement"]
    assert statement["Resource"] == [f"{PARAMETER}/mail"]
    assert operator.run("detach", "mailing", "--yes").exit_code == 0
    assert fleet.policies("billing") == {}


def test_a_batch_permission_is_for_functions_that_read_in_batches(
    operator: Operator, fleet: Fleet
) -> None:
    """Many functions with one secret each need none."""
    for number in range(4):
        name = f"worker-{number}"
        fleet.function(name, role=fleet["billing"].role)
        secret = f"KEY=secretsmanager:key{number}"
        result = operator.run("attach", name, "--yes", "--with-policy", "--secret", secret)
        assert result.exit_code == 0, result.output
    assert [each["Sid"] for each in fleet.policies("billing")[NAME]["Statement"]] == ["ReadSecrets"]


def test_the_policy_of_a_single_function_from_0_1_is_replaced(
    operator: Operator, fleet: Fleet
) -> None:
    """Until then each function of a role had one."""
    operator.client("iam").put_role_policy(
        RoleName="billing-role", PolicyName=BEFORE_0_2, PolicyDocument=json.dumps(OWN)
    )
    printed = attach(operator, *SECRET)
    assert f"role billing-role, inline policy {BEFORE_0_2}" in printed
    assert [*fleet.policies("billing")] == [NAME]


def test_a_role_whose_policies_would_be_too_large_is_told_before_anything_changes(
    operator: Operator, fleet: Fleet
) -> None:
    """IAM would refuse it after other functions had been changed."""
    large = {**OWN["Statement"][0], "Resource": [f"arn:aws:s3:::{n:0200}" for n in range(48)]}
    operator.client("iam").put_role_policy(
        RoleName="billing-role",
        PolicyName="own",
        PolicyDocument=json.dumps({**OWN, "Statement": [large]}),
    )
    fleet.function("mailing", role=fleet["billing"].role)
    before = fleet["billing"], fleet["mailing"]
    secrets = [f"--secret=KEY{n}=/a/{'long/' * 10}{n}" for n in range(4)]
    result = operator.run("attach", "billing", "mailing", "--yes", "--with-policy", *secrets)
    assert result.exit_code == 1
    assert "billing, mailing: the inline policies of its role billing-role would " in result.stderr
    assert "and IAM allows 10240; have the role's functions declare a path" in result.stderr
    assert (fleet["billing"], fleet["mailing"]) == before
    assert [*fleet.policies("billing")] == ["own"]


@pytest.mark.parametrize(
    "path", ["/aws-service-role/x.amazonaws.com/", "/aws-reserved/sso.amazonaws.com/eu-central-1/"]
)
def test_a_role_of_a_service_is_refused(operator: Operator, fleet: Fleet, path: str) -> None:
    """Only that service may change it."""
    role = operator.client("iam").create_role(
        RoleName="theirs", Path=path, AssumeRolePolicyDocument="{}"
    )["Role"]["Arn"]
    fleet.function("odd", role=role)
    result = operator.run("attach", "odd", "--yes", "--with-policy", *SECRET)
    assert result.exit_code == 1
    assert f"odd: its role {role} belongs to a service of AWS" in result.stderr
    assert not fleet["odd"].layers


def test_a_function_of_the_same_role_that_cannot_be_read_is_not_deprived(
    operator: Operator, fleet: Fleet
) -> None:
    """What it needs of the policy is not known, so that stays as it is."""
    fleet.function("mailing", role=fleet["billing"].role)
    attach(operator, *SECRET)
    hidden = {
        "FunctionArn": fleet["mailing"].arn,
        "Role": fleet["billing"].role,
        "Runtime": "python3.13",
        "Environment": {"Error": {"ErrorCode": "AccessDenied", "Message": "no kms:Decrypt"}},
    }
    operator.answer("lambda.ListFunctions", lambda _: {"Functions": [hidden]})
    result = operator.run("detach", "billing", "--yes")
    assert result.exit_code == 1
    assert "that of mailing, too, whose variables can't be read" in result.stderr
    assert NAME in fleet.policies("billing")
    assert fleet["billing"].layers


def test_other_policies_that_may_not_be_listed_are_no_hindrance(
    operator: Operator, fleet: Fleet
) -> None:
    """Then only Warmkey's own counts."""
    operator.deny("iam.ListRolePolicies")
    attach(operator, *SECRET)
    assert operator.run("detach", "billing", "--yes").exit_code == 0
    operator.client("iam")
    assert not fleet["billing"].layers

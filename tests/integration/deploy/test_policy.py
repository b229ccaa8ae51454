"""`warmkey policy`: with an account and without one."""

import json
import os
from typing import Any

import pytest

from tests.fakes.operator import ACCOUNT, CANARY, PROFILE, REGION, Operator

TABLE = {
    "stages": {"prod": {"key": "/key/live"}, "dev": {"key": "/key/test"}},
    "secrets": {"mail": "/mail"},
}


def policy(operator: Operator, *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """The statements that the command prints, and its remarks."""
    result = operator.run("policy", *arguments)
    assert result.exit_code == 0, result.output
    statements: list[dict[str, Any]] = json.loads(result.stdout)["Statement"]
    return statements, result.stderr


def resources(operator: Operator, *arguments: str) -> list[str]:
    """The names of the parameters that the policy lets a role read."""
    [statement], _ = policy(operator, *arguments)
    return [arn.partition(":parameter")[2] for arn in statement["Resource"]]


def test_all_stages_are_in_one_policy_and_each_may_have_its_own(operator: Operator) -> None:
    """From the project's file, where the command runs."""
    (operator.folder / "warmkey.json").write_text(json.dumps(TABLE))
    assert resources(operator) == ["/key/live", "/key/test", "/mail"]
    assert resources(operator, "--stage", "prod") == ["/key/live", "/mail"]


def test_a_file_may_lie_elsewhere_and_variables_add_to_it(operator: Operator) -> None:
    """As for the daemon."""
    (operator.folder / "other.json").write_text(json.dumps(TABLE))
    added = ("--config", "other.json", "--secret", "KEY=/k/{stage}", "--stages", "prod=live")
    assert resources(operator, *added, "--stage", "prod") == ["/k/live", "/key/live", "/mail"]


def test_a_policy_without_credentials_has_placeholders_and_asks_nobody(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it says what it therefore does not know."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    operator.deny("sts.GetCallerIdentity")
    operator.deny("ssm.DescribeParameters")
    [statement], remarks = policy(operator, "--secret", "KEY=/k")
    assert statement["Resource"] == [
        "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/k"
    ]
    assert "no account was asked which KMS keys encrypt these: there are no cred" in remarks


def test_credentials_of_the_environment_find_the_keys(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job of CI has no profile; the account stays a placeholder, for a template."""
    key = operator.client("kms").create_key()["KeyMetadata"]["Arn"]
    operator.client("ssm").put_parameter(Name="/a", Value=CANARY, Type="SecureString", KeyId=key)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_REGION", REGION)
    operator.deny("sts.GetCallerIdentity")
    [reading, decryption], remarks = policy(operator, "--secret", "A=/a")
    assert "${AWS::AccountId}" in reading["Resource"][0]
    assert (decryption["Resource"], remarks) == ([key], "")


def test_keys_that_cannot_be_looked_up_are_no_hindrance(operator: Operator) -> None:
    """Nobody has asked for a look-up by --profile."""
    operator.fail("ssm.DescribeParameters", "ExpiredTokenException", "too old")
    _, remarks = policy(operator, "--secret", "A=/a")
    assert "which KMS keys encrypt these is not known: DescribeParameters: Expired" in remarks


def test_an_account_and_a_region_may_be_told(operator: Operator) -> None:
    """The partition follows from the region."""
    [statement], _ = policy(
        operator, "--secret", "KEY=/k", "--account", ACCOUNT, "--region", "cn-north-1"
    )
    assert statement["Resource"] == [f"arn:aws-cn:ssm:cn-north-1:{ACCOUNT}:parameter/k"]


def test_an_account_is_asked_for_its_keys(operator: Operator) -> None:
    """Only a customer managed one gets a statement, by its ARN."""
    key = operator.client("kms").create_key()["KeyMetadata"]
    operator.client("kms").create_alias(AliasName="alias/stripe", TargetKeyId=key["KeyId"])
    ssm = operator.client("ssm")
    for name, by in [("/a", "alias/stripe"), ("/app/b", key["KeyId"]), ("/c", "alias/aws/ssm")]:
        ssm.put_parameter(Name=name, Value=CANARY, Type="SecureString", KeyId=by)
    operator.client("secretsmanager").create_secret(
        Name="db", SecretString=CANARY, KmsKeyId=key["Arn"]
    )
    declared = ["A=/a", "B=ssm:/app/*", "C=/c", "D=secretsmanager:db"]
    found, remarks = policy(
        operator, "--profile", PROFILE, *(part for text in declared for part in ("--secret", text))
    )
    decrypting = [each for each in found if each["Action"] == ["kms:Decrypt"]]
    assert [each["Resource"] for each in decrypting] == [[key["Arn"]], [key["Arn"]]]
    parameters = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
    assert decrypting[0]["Condition"]["StringLike"] == {
        "kms:EncryptionContext:PARAMETER_ARN": [f"{parameters}/a", f"{parameters}/app/*"]
    }
    assert remarks == ""


@pytest.mark.parametrize(
    ("missing", "reason"),
    [("/b", "missing"), ("ssm:/b/*", "nothing below it"), ("/a:9", "no such")],
)
def test_a_key_that_is_not_known_is_said(operator: Operator, missing: str, reason: str) -> None:
    """The policy may lack a statement then."""
    operator.client("ssm").put_parameter(Name="/a", Value=CANARY, Type="SecureString")
    _, remarks = policy(operator, "--profile", PROFILE, "--secret", f"A={missing}")
    assert f"is not known: {reason}" in remarks
    assert "name it with --kms-key" in remarks


def test_a_key_that_may_not_be_described_is_granted_by_its_alias(operator: Operator) -> None:
    """The policy is as narrow, and needs no permission more."""
    operator.client("ssm").put_parameter(
        Name="/a", Value=CANARY, Type="SecureString", KeyId="alias/stripe"
    )
    operator.deny("kms.DescribeKey")
    [_, decryption], _ = policy(operator, "--profile", PROFILE, "--secret", "A=/a")
    assert decryption["Condition"]["ForAnyValue:StringEquals"] == {
        "kms:ResourceAliases": "alias/stripe"
    }


def test_aws_s_own_key_needs_no_statement_by_whatever_name(operator: Operator) -> None:
    """Its id does not tell that it is AWS's."""
    operator.client("ssm").put_parameter(
        Name="/a", Value=CANARY, Type="SecureString", KeyId="1234abcd"
    )
    described = {"KeyId": "1234abcd", "KeyManager": "AWS", "Arn": "arn"}
    operator.answer("kms.DescribeKey", lambda _: {"KeyMetadata": described})
    [reading], remarks = policy(operator, "--profile", PROFILE, "--secret", "A=/a")
    assert (reading["Sid"], remarks) == ("ReadParameters", "")


def test_the_key_of_a_shared_parameter_is_its_owner_s_to_tell(operator: Operator) -> None:
    """It has to be named."""
    operator.client("ssm").put_parameter(Name="/a", Value=CANARY, Type="SecureString")
    shared = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/a"
    _, remarks = policy(operator, "--profile", PROFILE, "--secret", f"A={shared}")
    assert f"the KMS key of {shared} is not known: only its owner is told" in remarks


def test_a_key_may_be_told(operator: Operator) -> None:
    """Then nobody is asked."""
    [_, decryption], remarks = policy(operator, "--secret", "A=/a", "--kms-key", "1234-ab")
    assert decryption["Resource"] == [
        "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/1234-ab"
    ]
    assert remarks == ""


def test_a_project_without_declarations_says_where_they_belong(operator: Operator) -> None:
    """Rather than printing a policy that IAM refuses."""
    result = operator.run("policy")
    assert result.exit_code == 1
    assert "nothing is declared: there is no warmkey.json here" in result.stderr
    (operator.folder / "warmkey.json").write_text("{}")
    assert "nothing is declared; add secrets" in operator.run("policy").stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--config", "none.json"], "none.json can't be read: No such file or directory"),
        (["--config", "binary.json"], "byte 0 of binary.json is not UTF-8 text"),
        (["--secret", CANARY], "number 1 is not ALIAS=REFERENCE"),
        (["--secret", f"KEY={CANARY}"], "KEY is not a reference; it is not shown"),
        (["--secret", "KEY=/a//b"], "--secret KEY: /a//b has an empty level; write one /"),
        (["--secret", "KEY=/k", "--account", "12"], "'12' is not twelve digits"),
        (["--secret", "KEY=/k\udcff"], "argument 3 is not UTF-8 text; it is not shown"),
        (["--secret", "KEY=/k", "--stages", "prod="], "'prod=' is not of the form stage=target"),
        (
            ["--secret", "KEY=/k", "--region", "nowhere"],
            "Invalid value for '--region': 'nowhere' is not like eu-central-1",
        ),
    ],
)
def test_an_option_that_is_wrong_is_said_so(
    operator: Operator, arguments: list[str], complaint: str
) -> None:
    """With what to do."""
    (operator.folder / "binary.json").write_bytes(b"\xff")
    result = operator.run("policy", *arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_a_policy_that_iam_takes_nowhere_is_a_failure(operator: Operator) -> None:
    """It is printed, to be made smaller."""
    names = {f"key{n}": f"/a/long/name/of/a/parameter/{'x' * 60}/{n}" for n in range(90)}
    (operator.folder / "warmkey.json").write_text(json.dumps({"secrets": names}))
    result = operator.run("policy")
    assert result.exit_code == 1
    assert "IAM allows 10240 in the inline policies of a role" in result.stderr
    assert len(json.loads(result.stdout)["Statement"][0]["Resource"]) == 90


def test_another_account_s_role_has_policies_of_its_own(operator: Operator) -> None:
    """The function's assumes it; the other's reads, and trusts the function's."""
    role = "arn:aws:iam::210987654321:role/reader"
    declared = ("--secret", "KEY=/k", "--secret", f"OTHER=/o?roleArn={role}")
    statements, remarks = policy(operator, *declared)
    assert [each["Action"] for each in statements][-1] == ["sts:AssumeRole"]
    assert f"warmkey policy --role {role}" in remarks.replace("\n", " ")
    [statement], remarks = policy(operator, *declared, "--role", role)
    assert statement["Resource"][0].endswith(":210987654321:parameter/o")
    assert "its account was not asked" in remarks
    caller = "arn:aws:iam::123456789012:role/function-role"
    [statement], _ = policy(operator, *declared, "--trust", caller, "--external-id", "ours")
    assert statement["Principal"] == {"AWS": caller}
    result = operator.run("policy", "--secret", "KEY=/k", "--role", role)
    assert result.exit_code != 0
    assert f"no reference is read as {role}" in result.output.replace("\n", " ")

"""`warmkey attach --with-policy`: a function's role may read what it declares, and no more."""

import json
from typing import Any

import pytest

from tests.fakes.fleet import Fleet
from tests.fakes.operator import ACCOUNT, CANARY, REGION, Operator

NAME = f"warmkey-{REGION}-billing"
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


def test_what_the_function_declared_already_counts(operator: Operator, fleet: Fleet) -> None:
    """The policy is for the function, not for one call of this command."""
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


def test_what_could_not_be_found_out_is_told(operator: Operator, fleet: Fleet) -> None:
    """A parameter that is not there yet has no KMS key."""
    assert "billing: the KMS key of /key/live is not known" in attach(operator, *SECRET)
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
def test_what_somebody_wrote_into_the_policy_is_shown_before_it_goes(
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


def test_without_the_permission_to_allow_it_nothing_is_attached(
    operator: Operator, fleet: Fleet
) -> None:
    """The role comes first, so that no start of the function fails for want of it."""
    operator.deny("iam.PutRolePolicy")
    result = operator.run("attach", "billing", "--yes", "--with-policy", *SECRET)
    assert result.exit_code == 1
    assert "billing: PutRolePolicy: AccessDeniedException" in result.stderr
    assert not fleet["billing"].layers


def test_a_policy_of_a_function_that_was_not_attached_is_named(
    operator: Operator, fleet: Fleet
) -> None:
    """No record tells detach of it."""
    operator.deny("lambda.UpdateFunctionConfiguration")
    result = operator.run("attach", "billing", "--yes", "--with-policy", *SECRET)
    assert result.exit_code == 1
    assert "billing: UpdateFunctionConfiguration: AccessDeniedException" in result.stderr
    assert (
        f"; role billing-role has the inline policy {NAME} all the same; run this again, or delete"
    ) in result.stderr
    assert [*fleet.policies("billing")] == [NAME]


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

"""Whether another role trusts the function's."""

from typing import Any

import pytest

from warmkey.deploy.doctor.checks import trust
from warmkey.deploy.doctor.finding import Unknown
from warmkey.deploy.iam import policy

CALLER = "arn:aws:iam::123456789012:role/function-role"
ROLE = "arn:aws:iam::210987654321:role/reader"
STATEMENT = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": CALLER}}


def trusts(**changes: Any) -> bool:
    """Whether a policy with such a statement does."""
    document = {"Version": "2012-10-17", "Statement": [{**STATEMENT, **changes}]}
    return not list(trust.check(ROLE, document, CALLER))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Principal": "*"},
        {"Principal": {"AWS": ["123456789012"]}},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"Action": ["sts:TagSession", "sts:*"]},
    ],
)
def test_the_function_s_role_or_its_account_may_be_named(changes: dict[str, Any]) -> None:
    """In each form that IAM takes."""
    assert trusts(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"Effect": "Deny"},
        {"Action": "sts:AssumeRoleWithWebIdentity"},
        {"Principal": {"Service": "lambda.amazonaws.com"}},
        {"Principal": {"AWS": "arn:aws:iam::123456789012:role/another"}},
    ],
)
def test_a_role_that_trusts_somebody_else_is_an_error(changes: dict[str, Any]) -> None:
    """With the command that prints what it needs."""
    assert not trusts(**changes)
    document = {"Statement": {**STATEMENT, **changes}}
    [found] = trust.check(ROLE, document, CALLER)
    assert found.severity == "error"
    assert f"warmkey policy --trust {CALLER}" in found.remedy


def test_printed_trust_policy_is_trust() -> None:
    """With an external id or without."""
    assert not list(trust.check(ROLE, policy.trust(CALLER), CALLER))
    assert not list(trust.check(ROLE, policy.trust(CALLER, "id"), CALLER))


def test_a_policy_that_may_not_be_seen_is_not_called_fine() -> None:
    """It is another account's, mostly."""
    [found] = trust.check(ROLE, Unknown("iam:GetRole", "not yours"), CALLER)
    assert found.severity == "unchecked"

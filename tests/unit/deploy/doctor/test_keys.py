"""The doctor on KMS keys: whether they are in use, and for whom."""

import json
from typing import Any

import pytest

from warmkey.deploy.doctor.checks import keys
from warmkey.deploy.doctor.checks.keys import Key
from warmkey.deploy.doctor.finding import Finding, Unknown

ARN = "arn:aws:kms:eu-central-1:123456789012:key/1"
ROLE = "arn:aws:iam::123456789012:role/billing"
ROOT = "arn:aws:iam::123456789012:root"


def key(principal: Any = ROOT, action: Any = "kms:*", **changes: Any) -> Key:
    """A key of the account's own, with one statement in its policy."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action}
    described = {"managed_by_aws": False, "state": "Enabled", **changes}
    return Key(ARN, policy=json.dumps({"Statement": [statement]}), **described)


def look(found: Key | Unknown, role: str = ROLE) -> list[Finding]:
    """What is found about a key."""
    return list(keys.check([found], role))


@pytest.mark.parametrize(
    "found",
    [
        key(),
        key([ROLE, "arn:aws:iam::123456789012:user/anna"], ["kms:Encrypt", "kms:Decrypt"]),
        key("123456789012", "kms:De*"),
        key("*"),
        Key("alias/aws/ssm", managed_by_aws=True, state="Enabled", policy=""),
    ],
)
def test_a_key_that_the_role_may_use_is_fine(found: Key) -> None:
    """By its policy, by the account's own IAM, or because it is AWS's own."""
    assert look(found) == []


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        ("Disabled", f"aws kms enable-key --key-id {ARN}"),
        (
            "PendingDeletion",
            f"aws kms cancel-key-deletion --key-id {ARN} && aws kms enable-key --key-id {ARN}",
        ),
        ("Unavailable", "wait, or look at the key"),
    ],
)
def test_a_key_out_of_use_is_an_error(state: str, remedy: str) -> None:
    """Whoever may use it."""
    [found] = look(key(state=state))
    assert (found.severity, found.problem) == ("error", f"{ARN} is {state}")
    assert found.remedy == remedy


@pytest.mark.parametrize(
    ("principal", "action"),
    [
        ("arn:aws:iam::123456789012:user/anna", "kms:*"),
        (ROOT, ["kms:Describe*", "kms:Encrypt"]),
        ("arn:aws:iam::210987654321:root", "kms:*"),
    ],
)
def test_a_policy_that_lets_nobody_near_is_a_warning(principal: str, action: Any) -> None:
    """A grant may still let the role; nobody else sees those."""
    [found] = look(key(principal, action))
    assert found.severity == "warning"
    assert "names neither the role nor its account" in found.problem
    assert found.remedy == f"let {ROLE} use kms:Decrypt in the key's policy"


def test_a_policy_may_be_a_single_statement() -> None:
    """IAM takes it without a list."""
    statement = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*"}
    assert Key(ARN, False, "Enabled", json.dumps({"Statement": statement})).allows("123456789012")


def test_a_deny_lets_nobody() -> None:
    """Nor does a statement for a service."""
    denied = {"Effect": "Deny", "Principal": {"AWS": ROOT}, "Action": "kms:*"}
    service = {"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "kms:*"}
    found = Key(ARN, False, "Enabled", json.dumps({"Statement": [denied, service]}))
    assert not found.allows("123456789012")


def test_a_key_without_a_function_is_looked_at_for_nobody_in_particular() -> None:
    """Only whether the key is in use."""
    assert look(key("nobody"), role="") == []


def test_a_key_that_may_not_be_seen_is_not_called_fine() -> None:
    """Nor is one whose policy may not be."""
    [found] = look(Unknown("kms:DescribeKey", "denied"))
    assert (found.severity, found.problem) == ("unchecked", "kms:DescribeKey was refused: denied")
    [found] = look(Key(ARN, False, "Enabled", Unknown("kms:GetKeyPolicy", "denied")))
    assert (found.severity, found.problem) == ("unchecked", "kms:GetKeyPolicy was refused: denied")
    assert not Key(ARN, False, "Enabled", Unknown("", "")).allows(ROLE)

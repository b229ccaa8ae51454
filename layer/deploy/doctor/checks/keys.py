"""Whether the KMS keys of what is declared are in use, and may be used.

https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..finding import Finding, Unknown, unchecked

_CHECK = "keys"
_COSTS = "what it encrypts can't be read"
_DECRYPT = "kms:Decrypt"
_FIXED_BY = {
    "Disabled": "aws kms enable-key --key-id {arn}",
    "PendingDeletion": "aws kms cancel-key-deletion --key-id {arn} && "
    "aws kms enable-key --key-id {arn}",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A KMS key, as it is described.

    Attributes:
        arn: Its ARN.
        managed_by_aws: Whether it is AWS's own, which everybody in the account may use by way of
            its service.
        state: `Enabled`, or another state.
        policy: Its policy; unknown where it may not be read.
    """

    arn: str
    managed_by_aws: bool
    state: str
    policy: str | Unknown

    def allows(self, principal: str) -> bool:
        """Whether its policy allows somebody to decrypt; conditions are not looked at.

        Args:
            principal: The ARN of a role, or an account's twelve digits: its own IAM then decides.
        """
        if isinstance(self.policy, Unknown):
            return False
        return any(_allows(each, principal) for each in _all(json.loads(self.policy)["Statement"]))


def check(keys: Iterable[Key | Unknown], role: str) -> Iterator[Finding]:
    """Look at keys that are the account's own.

    Args:
        keys: Those of what is declared.
        role: The ARN of the function's role; empty where there is no function.
    """
    for key in keys:
        if isinstance(key, Unknown):
            yield unchecked(_CHECK, key, "a KMS key may be disabled, or not for the role")
        elif not key.managed_by_aws:
            yield from _check(key, role)


def _check(key: Key, role: str) -> Iterator[Finding]:
    if key.state != "Enabled":
        remedy = _FIXED_BY.get(key.state, "wait, or look at the key").format(arn=key.arn)
        yield Finding("error", _CHECK, f"{key.arn} is {key.state}", _COSTS, remedy)
    if isinstance(key.policy, Unknown):
        yield unchecked(_CHECK, key.policy, f"the policy of {key.arn} may not let the role decrypt")
    elif role and not key.allows(account_of(role)) and not key.allows(role):
        yield Finding(
            "warning",
            _CHECK,
            f"the policy of {key.arn} names neither the role nor its account",
            f"{_COSTS}, unless there is a grant",
            f"let {role} use {_DECRYPT} in the key's policy",
        )


def account_of(arn: str) -> str:
    """The account in an ARN."""
    return arn.split(":")[4]


def _allows(statement: dict[str, Any], principal: str) -> bool:
    principals = statement.get("Principal", {})
    named = _all(principals.get("AWS", [])) if isinstance(principals, dict) else [principals]
    allowed = any(fnmatchcase(_DECRYPT.lower(), a.lower()) for a in _all(statement.get("Action")))
    return statement["Effect"] == "Allow" and allowed and any(_is(n, principal) for n in named)


def _is(named: str, principal: str) -> bool:
    """Whether a principal in a policy is this one; an account has three ways to be named."""
    return named in ("*", principal) or named.endswith(f"::{principal}:root")


def _all(value: Any) -> list[Any]:
    """A list, which IAM also writes as a single value."""
    return [value] if isinstance(value, (str, dict)) else list(value or ())

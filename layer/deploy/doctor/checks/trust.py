"""Whether the roles that references name trust the function's own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..finding import Finding, Unknown, unchecked

_CHECK = "permissions"


def check(role: str, found: Mapping[str, Any] | Unknown, caller: str) -> Iterator[Finding]:
    """Look at a role's trust policy.

    Args:
        role: The role's ARN.
        found: Its trust policy.
        caller: The ARN of the function's own role.
    """
    remedy = f"let it name {caller}: `warmkey policy --trust {caller}` prints such a policy"
    if isinstance(found, Unknown):
        unknown = unchecked(_CHECK, found, f"{role} may not trust the function's role")
        yield Finding(unknown.severity, _CHECK, unknown.problem, unknown.cost, remedy)
    elif not any(_names(each, caller) for each in _listed(found.get("Statement"))):
        yield Finding(
            "error",
            _CHECK,
            f"the trust policy of {role} names neither the function's role nor its account",
            "what is read as that role is not there",
            remedy,
        )


def _names(statement: Mapping[str, Any], caller: str) -> bool:
    """Whether a statement lets a role assume the one whose trust policy it stands in."""
    account = caller.split(":")[4]
    partition = caller.split(":")[1]
    principal = statement.get("Principal", {})
    named = _listed(principal.get("AWS") if isinstance(principal, Mapping) else principal)
    wanted = {"*", caller, account, f"arn:{partition}:iam::{account}:root"}
    actions = {"*", "sts:*", "sts:AssumeRole"}
    allows = statement.get("Effect") == "Allow" and actions & set(_listed(statement.get("Action")))
    return bool(allows) and bool(wanted & set(named))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []

"""Findings: what is wrong, what that costs, and how to fix it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from ..output import failure

Fact = TypeVar("Fact")

_DENIALS = ("AccessDenied", "UnauthorizedOperation")  # in an error's code

Severity = Literal["error", "warning", "unchecked", "ok"]
"""`error`: secrets will be missing. `warning`: it works, but not as well as it could.
`unchecked`: nobody can say, for want of a permission. `ok`: in `--json`, nothing was found."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be.

    Attributes:
        severity: How bad it is.
        check: Which check found it, e.g. `permissions`.
        problem: What is wrong.
        cost: What comes of it.
        remedy: How to fix it.
    """

    severity: Severity
    check: str
    problem: str
    cost: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that AWS did not tell.

    Attributes:
        action: The call that was refused, as the permission for it is called.
        reason: What AWS said.
        denied: Whether a permission is lacking; else the call failed in another way.
    """

    action: str
    reason: str
    denied: bool = True


def unchecked(check: str, unknown: Unknown, cost: str) -> Finding:
    """A check that could not be made.

    Args:
        check: The check.
        unknown: The fact that it needs.
        cost: What may go wrong unseen.
    """
    what = "was refused" if unknown.denied else "failed"
    return Finding(
        "unchecked",
        check,
        f"{unknown.action} {what}: {unknown.reason}",
        cost,
        f"run this as somebody who may {unknown.action}" if unknown.denied else "run this again",
    )


def ask(action: str, call: Callable[[], Fact]) -> Fact | Unknown:
    """A fact; or that it may not be told, for whatever reason AWS gives.

    Args:
        action: The call, as the permission for it is called.
        call: Makes it.
    """
    try:
        return call()
    except ClientError as error:
        said = error.response["Error"]
        reason = f"{said['Code']}: {said.get('Message', '')}".rstrip(". :")
        return Unknown(action, reason, any(each in said["Code"] for each in _DENIALS))
    except ResponseParserError as error:
        return Unknown(action, failure.of_aws(error).message, denied=False)

"""A request to store a secret under a name, and what that changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from botocore.exceptions import ClientError

from ...output.change import Change
from ...output.failure import Failure
from ..stored import Stored
from .present import Present

Tier = Literal["Standard", "Advanced", "Intelligent-Tiering"]
TIERS: tuple[Tier, ...] = ("Standard", "Advanced", "Intelligent-Tiering")

_NEW = {"value": "(a new one, not shown)"}


@dataclass(frozen=True, slots=True)
class PutRequest:
    """What an operator wants to be stored.

    Attributes:
        value: The value.
        key: The KMS key; None for the present one, and AWS's own for what is new.
        description: The description; None for the present one.
        tier: A parameter's tier; None for the present one, and the account's default for a new
            one.
        policies: A parameter's policies, as JSON; None for the present ones.
        tags: Tags that it is to have; others stay.
    """

    value: str = field(repr=False)
    key: str | None = None
    description: str | None = None
    tier: Tier | None = None
    policies: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> dict[str, str]:
        """What was said about it besides its value, by the names that a change shows."""
        said = {
            "key": self.key,
            "description": self.description,
            "policies": self.policies,
            **{f"tag {name}": value for name, value in self.tags.items()},
        }
        return given(said)


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Those of some options that say anything."""
    return {name: value for name, value in options.items() if value}


def creation(subject: str, request: PutRequest, defaults: Mapping[str, str]) -> Change:
    """What storing something new changes.

    Args:
        subject: What it is, and where.
        request: What is wanted.
        defaults: What it has unless that is wanted otherwise.
    """
    tier = {"tier": request.tier} if request.tier else {}
    return Change(subject, {}, {**defaults, **request.wanted, **tier, **_NEW})


def replacement(
    subject: str, request: PutRequest, present: Present, after: Mapping[str, str], version: str
) -> Change:
    """What storing something anew changes; nothing where the same is stored already.

    Args:
        subject: What it is, and where.
        request: What is wanted; its key None where it is the present one.
        present: What is there.
        after: What changes besides what is wanted.
        version: Which version it becomes.
    """
    after = {**after, **request.wanted}
    if request.value != present.value:
        after["value"] = f"(the given one; {present.unknown})" if present.unknown else _NEW["value"]
    tags = {f"tag {name}": value for name, value in present.tags.items() if name in request.tags}
    before = {**_told(present.stored), **tags, "value": "(the current one)"}
    if all(before.get(name) == value for name, value in after.items()):
        return Change(subject, {}, {})
    return Change(subject, before, {**before, "version": version, "written": "now", **after})


def refused(
    action: str, error: ClientError, value: str, remedies: Mapping[str, str], denied: str
) -> Failure:
    """What AWS said about a value that it was to store, without the value.

    Args:
        action: What it was asked, such as `PutParameter`.
        error: What it said, which may repeat what it was told.
        value: The value.
        remedies: What to do, by the error's code.
        denied: What to do where a permission is missing.
    """
    code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    remedy = denied if code.startswith("AccessDenied") else remedies.get(code, "")
    return Failure(f"{action}: {code}: {said}".rstrip(". :").replace(value, "…"), remedy)


def pairs(tags: Mapping[str, str]) -> list[dict[str, Any]]:
    """Tags as AWS takes them."""
    return [{"Key": name, "Value": value} for name, value in tags.items()]


def _told(stored: Stored) -> dict[str, str]:
    return given(
        {
            "version": stored.version,
            "written": f"{stored.modified:%Y-%m-%d %H:%M:%S %Z}" if stored.modified else "",
            "type": stored.type,
            "key": stored.key,
            "tier": stored.tier,
            "description": stored.description,
            "policies": stored.policies,
        }
    )

"""A request to store a parameter: what that changes, and what SSM is told to make it so.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from ...output.change import Change
from ...output.failure import Failure
from ..stored import SECURE, Stored
from .present import Present

Tier = Literal["Standard", "Advanced", "Intelligent-Tiering"]
TIERS: tuple[Tier, ...] = ("Standard", "Advanced", "Intelligent-Tiering")

# Characters of a value; https://docs.aws.amazon.com/general/latest/gr/ssm.html
STANDARD_LIMIT, ADVANCED_LIMIT = 4096, 8192

_AWS_KEY = "alias/aws/ssm"
_NEW = {"value": "(a new one, not shown)"}
TOO_LARGE = (
    f"the tier Standard allows {STANDARD_LIMIT}; pass --tier Advanced ({ADVANCED_LIMIT} "
    "characters, a monthly charge, irreversible), or --tier Intelligent-Tiering, which takes the "
    "smaller that fits"
)


@dataclass(frozen=True, slots=True)
class PutRequest:
    """What an operator wants a parameter to be.

    Attributes:
        name: Its name.
        value: Its value.
        key: The KMS key; None for the present one, and AWS's own for a new parameter.
        description: The description; None for the present one.
        tier: The tier; None for the present one, and the account's default for a new parameter.
    """

    name: str
    value: str = field(repr=False)
    key: str | None = None
    description: str | None = None
    tier: Tier | None = None


def check(request: PutRequest, present: Present | None) -> None:
    """Make sure that SSM will take it, as far as that can be told beforehand.

    Raises:
        Failure: It won't.
    """
    size = len(request.value)
    if size > ADVANCED_LIMIT:
        raise Failure(
            f"the value has {size} characters, and Parameter Store allows {ADVANCED_LIMIT}",
            "keep it in Secrets Manager, which allows 65536 bytes",
        )
    tier = request.tier or (present.stored.tier if present else "")
    if tier == "Standard" and size > STANDARD_LIMIT:
        raise Failure(f"the value has {size} characters", TOO_LARGE)
    if request.tier == "Standard" and present and present.stored.tier == "Advanced":
        raise Failure(
            f"{request.name} is Advanced, which can't become Standard again",
            "leave --tier out, or delete it and store it again",
        )
    if present and not present.described and request.key is None:
        raise Failure(
            f"the KMS key of {request.name} is not visible, and would be replaced by AWS's own",
            "name it with --kms-key, or grant ssm:DescribeParameters",
        )


def change(request: PutRequest, present: Present | None, where: str) -> Change:
    """What storing it changes; nothing where the same is stored already.

    Args:
        request: What is wanted; its key None where it is the present one.
        present: What is there.
        where: The account, as shown.
    """
    subject = f"parameter {request.name} in {where}"
    wanted = {"type": SECURE, "key": request.key, "description": request.description}
    after = {name: value for name, value in wanted.items() if value}
    if present is None:
        tier = {"tier": request.tier} if request.tier else {}
        return Change(subject, {}, {"version": "1", "key": _AWS_KEY, **after, **tier, **_NEW})
    stored = present.stored
    if (becomes := _tier(request, stored)) != stored.tier:
        after["tier"] = becomes
    if request.value != present.value:
        known = f"(the given one; {present.unknown})" if present.unknown else _NEW["value"]
        after["value"] = known
    before = {**_told(stored), "value": "(the current one)"}
    if all(before.get(name) == value for name, value in after.items()):
        return Change(subject, {}, {})
    version = {"version": str(int(stored.version) + 1), "written": "now"}
    return Change(subject, before, {**before, **version, **after})


def arguments(request: PutRequest, present: Present | None) -> dict[str, Any]:
    """What PutParameter is called with; for what it is not told again, it takes its defaults."""
    kept = _kept(present.stored) if present else {}
    wanted = {"KeyId": request.key, "Description": request.description, "Tier": request.tier}
    asked = {**kept, **{name: value for name, value in wanted.items() if value}}
    return {
        "Name": request.name,
        "Value": request.value,
        "Type": SECURE,
        "Overwrite": present is not None,
        **asked,
    }


def _tier(request: PutRequest, stored: Stored) -> str:
    """The tier that it is to have; Intelligent-Tiering takes back nothing."""
    if request.tier == "Intelligent-Tiering":
        return "Advanced" if len(request.value) > STANDARD_LIMIT else stored.tier
    return request.tier or stored.tier


def _told(stored: Stored) -> dict[str, str]:
    told = {
        "version": stored.version,
        "written": f"{stored.modified:%Y-%m-%d %H:%M:%S %Z}" if stored.modified else "",
        "type": stored.type,
        "key": stored.key,
        "tier": stored.tier,
        "description": stored.description,
    }
    return {name: value for name, value in told.items() if value}


def _kept(stored: Stored) -> dict[str, str]:
    kept = {"KeyId": stored.key, "Description": stored.description, "Tier": stored.tier}
    return {name: value for name, value in kept.items() if value}

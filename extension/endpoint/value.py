"""The value of a reference: what was found upstream, a field of it, or a default.

A default serves where there is no such secret, version or field, and an optional secret is left out
then. Neither covers anything else: who is denied, or hears nothing, does not know whether the
secret exists, and a program that went on without it would run with other settings for as long as an
outage lasts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..declared.reference import Reference
from ..http.failure import Failed, Kind
from ..sources.responses.outcome import Found, Listing, Outcome
from .json_field import extract


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a reference.

    Attributes:
        content: the value, or the field of it that is asked for.
        found: where it came from.
        is_default: whether nothing was found, and this is the default.
    """

    content: str | bytes = field(repr=False)
    found: Found = field(repr=False)
    is_default: bool = False


def of(reference: Reference, outcome: Outcome) -> Value | Failed | None:
    """The value of a reference.

    Args:
        reference: what is asked for.
        outcome: what was read of its source.

    Returns:
        The value; or why there is none; or None where a path has no such member.
    """
    match outcome:
        case Listing(members=members) if reference.member not in members:
            return None
        case Listing(members=members):
            value = _field(members[reference.member], reference)
        case Found() as found:
            value = _field(found, reference)
        case Failed() as failed:
            value = failed
    if isinstance(value, Failed) and value.kind is Kind.MISSING and reference.default is not None:
        name = reference.source.text()
        found = Found(name, reference.default, version="", type="Default", arn="", modified=0)
        return Value(reference.default, found, is_default=True)
    return value


def _field(found: Found, reference: Reference) -> Value | Failed:
    content = extract(found, reference.field)
    return content if isinstance(content, Failed) else Value(content, found)


def is_left_out(reference: Reference, failed: Failed) -> bool:
    """Whether nobody fails for want of a value: it is optional, and does not exist."""
    return reference.optional and failed.kind is Kind.MISSING

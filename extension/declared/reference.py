"""References: what a declared secret points to upstream.

`ssm:/a/b:3#field` → `Reference(Parameter("/a/b", "3"), "field")`. The grammar is the table in
the README; what is before the `#` is the source's (see `sources`).
"""

from __future__ import annotations

from dataclasses import dataclass

from ..sources import services
from ..sources.services import SERVICES
from ..sources.source import MalformedSource, Source

_LONGEST_SHOWN = 200  # characters of a text that is wrong


class MalformedReference(ValueError):
    """The text is not a reference; the message says what is wrong and which forms there are."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A value upstream, or one field of it.

    Attributes:
        source: what is read.
        field: which field of its JSON value, see `json_field`; empty means the whole value.
        member: which parameter under a path; empty where the source is one value.
    """

    source: Source
    field: str = ""
    member: str = ""


def parse(text: str, stage: str = "") -> Reference:
    """Read a reference.

    Args:
        text: the reference, as declared.
        stage: what `{stage}` in it becomes.

    Returns:
        What it points to.

    Raises:
        MalformedReference: it is none.
    """
    source_text, hash_sign, field = text.replace("{stage}", stage).partition("#")
    if hash_sign and not field:
        raise _error(text, "the field after # is empty; write #field, #a.b or #/a/b")
    if "{" in source_text:
        raise _error(text, "{stage} is the only placeholder")
    return Reference(_source(text, source_text), field)


def forms() -> str:
    """The forms of references, for people."""
    known = ", ".join(service.forms for service in SERVICES.values())
    return f"{known}, each with #field for a field of a JSON value"


def _source(text: str, source_text: str) -> Source:
    match source_text.split(":", 5):
        case [service, "arn", _, _, _, _] if service in SERVICES:
            raise _error(text, f"an ARN names its service itself: remove {service}:")
    try:
        source = services.parse(source_text)
    except MalformedSource as error:
        raise _error(text, str(error)) from None
    if source is None:
        raise _error(text, "it matches none of the known forms")
    return source


def _error(text: str, reason: str) -> MalformedReference:
    shown = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return MalformedReference(f"{shown!r} is not a reference: {reason}. A reference is {forms()}")

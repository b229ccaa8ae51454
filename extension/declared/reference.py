"""References: what a declared secret points to upstream.

`ssm:/a/b:3?optional=true#field` → `Reference(Parameter("/a/b", "3"), "field", optional=True)`. The
grammar is the table in the README; what is before the `?` is the source's (see `sources`), what
follows it are options (see `options`), and a field comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple

from ..sources import services
from ..sources.name import MalformedSource
from ..sources.route import ROLE_FORM, is_role
from ..sources.services import SERVICES
from ..sources.source import Source
from . import options, value_from
from .options import MalformedOption

_LONGEST_SHOWN = 200  # characters of a text that is wrong


class MalformedReference(ValueError):
    """The text is not a reference; the message says what is wrong and which forms there are."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A value upstream, or one field of it; and what if there is none.

    Attributes:
        source: what is read.
        field: which field of its JSON value, see `json_field`; empty means the whole value.
        member: which parameter under a path; empty where the source is one value.
        optional: whether it may be missing.
        default: what it is where it is missing; None for nothing.
    """

    source: Source
    field: str = ""
    member: str = ""
    optional: bool = False
    default: str | None = None

    @property
    def may_be_missing(self) -> bool:
        """Whether nobody fails where it does not exist."""
        return self.optional or self.default is not None


class Option(NamedTuple):
    """An option that holds for every kind of source.

    Attributes:
        form: how people write it.
        apply: takes a reference without it, and its value; gives the reference with it. May raise
            `MalformedOption`.
    """

    form: str
    apply: Callable[[Reference, str], Reference]


def _optional(reference: Reference, text: str) -> Reference:
    if text not in ("true", "false"):
        raise MalformedOption(f"optional is {text!r}; it must be true or false")
    return replace(reference, optional=text == "true")


def _default(reference: Reference, text: str) -> Reference:
    if reference.source.is_path:
        raise MalformedOption("a path has no default; declare the parameter that has one by itself")
    return replace(reference, default=text)


def _role(reference: Reference, text: str) -> Reference:
    if not is_role(text):
        raise MalformedOption(f"roleArn is {text!r}; it must be of the form {ROLE_FORM}")
    source: Any = reference.source
    return replace(reference, source=replace(source, role=text))


OPTIONS: Mapping[str, Option] = MappingProxyType(
    {
        "optional": Option("optional=true", _optional),
        "default": Option("default=TEXT", _default),
        "roleArn": Option("roleArn=ARN", _role),
    }
)
"""By their names. Another one is one more entry."""


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
    if "{" in stage and "{stage}" in text:
        raise _error(text, f"the stage is {stage!r}, and {{stage}} is the only placeholder")
    rest, hash_sign, field = text.replace("{stage}", stage).partition("#")
    if hash_sign and not field:
        raise _error(text, "the field after # is empty; write #field, #a.b or #/a/b")
    if misplaced := next((each for each in OPTIONS if f"?{each}=" in field), ""):
        raise _error(text, f"options come before the field: write ?{misplaced}=… before the #")
    name, question_mark, query = rest.partition("?")
    try:
        given = options.parse(query) if question_mark else {}
        of_all = {each: given.pop(each) for each in OPTIONS if each in given}
        if as_ecs := value_from.parse(name):
            if given or field:
                raise MalformedSource("ARN:key:stage:version has a field and a version of its own")
            name, given, field = as_ecs.arn, dict(as_ecs.options), as_ecs.field
        reference = Reference(_source(name, given), field)
        for each, value in of_all.items():
            reference = OPTIONS[each].apply(reference, value)
    except (MalformedSource, MalformedOption) as error:
        raise _error(text, str(error)) from None
    return reference


def forms() -> str:
    """The forms of references, for people."""
    known = ", ".join(service.forms for service in SERVICES.values())
    more = ", ".join(f"?{option.form}" for option in OPTIONS.values())
    return f"{known}, each with {more}, and #field for a field of a JSON value"


def _source(name: str, of_service: Mapping[str, str]) -> Source:
    match name.split(":", 5):
        case [service, "arn", _, _, _, _] if service in SERVICES:
            raise MalformedSource(f"an ARN names its service itself: remove {service}:")
    if any("{" in each for each in (name, *of_service.values())):
        raise MalformedSource("{stage} is the only placeholder")
    source = services.parse(name, of_service)
    if source is None:
        raise MalformedSource("it matches none of the known forms")
    if strange := sorted(of_service.keys() - SERVICES[source.service].options):
        known = ", ".join((*OPTIONS, *SERVICES[source.service].options))
        raise MalformedSource(f"{strange[0]!r} is no option of it; known after ? are {known}")
    return source


def _error(text: str, reason: str) -> MalformedReference:
    shown = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return MalformedReference(f"{shown!r} is not a reference: {reason}. A reference is {forms()}")

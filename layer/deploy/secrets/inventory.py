"""The inventory: each declared reference beside what is stored for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ...extension.sources.source import Source
from .project import Declared, spell
from .stored import Absent, Entry

_UNITS = (("y", 365 * 86_400), ("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of it.

    Attributes:
        stage: The stage; `*` is any other, and empty where the project knows none.
        alias: What handlers call it.
        reference: What it points to, as declared.
        type: `SecureString`, `String`, `StringList` or `secret`; empty where nothing is there.
        version: A parameter's number, a secret's id; empty where nothing is there.
        modified: When it was written, in ISO 8601; empty where that is not known.
        age: How long ago that is, in seconds; None where that is not known.
        missing: Why nothing is there; empty where something is.
        optional: Whether nothing is there, and that is no failure.
    """

    stage: str
    alias: str
    reference: str
    type: str = ""
    version: str = ""
    modified: str = ""
    age: int | None = None
    missing: str = ""
    optional: bool = False


def rows(
    declared: Iterable[Declared], entries: Mapping[Source, Entry], now: datetime
) -> Iterator[Row]:
    """The inventory, in the order of the declarations; below a path a line for each parameter.

    Args:
        declared: The references.
        entries: What is stored for their sources.
        now: The time, with its zone.
    """
    for each in declared:
        source, text = each.reference.source, spell(each.reference)
        entry = entries[source]
        if isinstance(entry, Absent):
            optional = each.reference.may_be_missing and entry.is_missing
            yield Row(each.stage, each.alias, text, missing=entry.reason, optional=optional)
            continue
        for stored in entry:
            below = stored.name.removeprefix(f"{source.name}/")
            modified = stored.modified
            yield Row(
                each.stage,
                below if each.alias.endswith("/*") else each.alias,
                text,
                stored.type,
                stored.version,
                modified.isoformat(timespec="seconds") if modified else "",
                max(0, int((now - modified).total_seconds())) if modified else None,
            )


def tell(age: int | None) -> str:
    """An age in seconds as people say it, in the largest unit that fits: `3 d`."""
    if age is None:
        return ""
    for unit, length in _UNITS:
        if age >= length:
            return f"{age // length} {unit}"
    return "0 s"

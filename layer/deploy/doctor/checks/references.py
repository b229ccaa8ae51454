"""Whether what is declared is stored, and encrypted."""

from collections.abc import Iterable, Iterator, Mapping

from ....extension.declared.reference import Reference
from ....extension.sources.parameter import Parameter
from ....extension.sources.source import Source
from ...secrets.project import spell
from ...secrets.stored import Absent, Entry, Stored
from ..finding import Finding, Unknown, unchecked

_CHECK = "references"
_MISSING_COSTS = "reading it fails; with WARMKEY_REQUIRED=true, so does every start of the function"
_PLAIN_COSTS = "it is readable without a KMS key, by everybody who may read parameters"
_PLAIN = ("String", "StringList")


def check(references: Iterable[Reference], entries: Mapping[Source, Entry]) -> Iterator[Finding]:
    """Look at what is stored.

    Args:
        references: What is declared.
        entries: What is stored for their sources.
    """
    # Where one of several needs it, that one is told of.
    ordered = sorted(references, key=lambda each: not each.may_be_missing)
    for source, reference in {each.source: each for each in ordered}.items():
        entry, text = entries[source], spell(reference)
        if not isinstance(entry, Absent):
            yield from (_plain(stored) for stored in entry if _is_plain(stored))
        elif entry.reason == "denied":
            unknown = Unknown(entry.action, entry.detail)
            yield unchecked(_CHECK, unknown, f"{text} may be missing")
        elif not (reference.may_be_missing and entry.is_missing):
            yield Finding(
                "error", _CHECK, f"{text}: {entry.reason}", _MISSING_COSTS, _remedy(source)
            )


def _is_plain(stored: Stored) -> bool:
    return stored.type in _PLAIN and not stored.name.startswith("/aws/")


def _plain(stored: Stored) -> Finding:
    return Finding(
        "warning",
        _CHECK,
        f"{stored.name} is a {stored.type}, not a SecureString",
        _PLAIN_COSTS,
        f"if it is secret: warmkey put {stored.name} --overwrite",
    )


def _remedy(source: Source) -> str:
    if isinstance(source, Parameter) and not source.name.startswith("arn:"):
        return f"store it (warmkey put {source.name}), or correct the declaration"
    return "create it, or correct the declaration; is this the right account and region?"

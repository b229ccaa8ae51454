"""The secrets that a process knows, and so can keep out of what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..cache.cache import Cache
from ..declared.declarations import Declarations
from ..endpoint.json_field import extract
from ..http.failure import Failed
from ..sources.outcome import Found, Listing, Outcome


def held(cache: Cache, declarations: Declarations) -> Iterator[str | bytes]:
    """The values that are held, and the fields of them that are declared; for any thread.

    Args:
        cache: what is held.
        declarations: the declared secrets.
    """
    yield from values(cache.outcomes())
    for _, reference in declarations.by_name():
        entry = cache.peek(reference.source) if reference.field else None
        match entry.outcome if entry else None:
            case Found() as found:
                fields = [extract(found, reference.field)]
            case Listing(members=members):
                fields = [extract(found, reference.field) for found in members.values()]
            case _:
                fields = []
        yield from (value for value in fields if not isinstance(value, Failed))


def values(outcomes: Iterable[Outcome]) -> Iterator[str | bytes]:
    """Every value in outcomes."""
    for outcome in outcomes:
        match outcome:
            case Found(value=str() | bytes() as value):
                yield value
            case Listing(members=members):
                yield from (each.value for each in members.values() if each.value is not None)
            case _:
                pass

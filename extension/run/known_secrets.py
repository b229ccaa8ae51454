"""The secrets that a process knows, and so can keep out of what it says."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from ..cache.cache import Cache
from ..declared.declarations import Declarations
from ..endpoint.json_field import extract
from ..http.failure import Failed
from ..sources.responses.outcome import Found, Listing, Outcome

_MOST = 64  # values
_MOST_BYTES = 1 << 20


class ReplacedValues:
    """Values that are held no longer, and that AWS may name still, in an error.

    They are bounded in number and in bytes; the oldest goes first.
    """

    __slots__ = ("_bytes", "_values")

    def __init__(self) -> None:
        self._values: deque[str | bytes] = deque()
        self._bytes = 0

    def __iter__(self) -> Iterator[str | bytes]:
        return iter(list(self._values))

    def add(self, outcome: Outcome) -> None:
        """Take the values of an outcome that is replaced."""
        for value in values([outcome]):
            self._values.append(value)
            self._bytes += len(value)
            while len(self._values) > _MOST or self._bytes > _MOST_BYTES:
                self._bytes -= len(self._values.popleft())


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

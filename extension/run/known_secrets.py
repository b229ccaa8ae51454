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


class HeldValues:
    """The values that are held, and the fields of them that are declared; for any thread.

    They are asked for with each text that goes out, so a field is looked up once in each value.

    Args:
        cache: what is held.
        declarations: the declared secrets.
    """

    __slots__ = ("_cache", "_declarations", "_fields")

    def __init__(self, cache: Cache, declarations: Declarations) -> None:
        self._cache = cache
        self._declarations = declarations
        self._fields: dict[str, tuple[Outcome, list[str | bytes]]] = {}

    def __iter__(self) -> Iterator[str | bytes]:
        yield from values(self._cache.outcomes())
        for name, reference in self._declarations.by_name():
            if reference.field and (entry := self._cache.peek(reference.source)):
                outcome, fields = self._fields.get(name, (None, []))
                if outcome is not entry.outcome:
                    fields = _fields(entry.outcome, reference.field)
                    self._fields[name] = entry.outcome, fields
                yield from fields


def _fields(outcome: Outcome, field: str) -> list[str | bytes]:
    """What a field is in the values of an outcome."""
    match outcome:
        case Found() as found:
            fields = [extract(found, field)]
        case Listing(members=members):
            fields = [extract(found, field) for found in members.values()]
        case _:
            fields = []
    return [value for value in fields if not isinstance(value, Failed)]


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

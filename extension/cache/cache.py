"""The cache: what a read gets, by the table of freshness in the README.

| age of the value | a read gets |
|---|---|
| under 80 % of the TTL | the value |
| 80 % (± 10 % of that, by chance) to 100 % | the value at once; a refresh starts beside it |
| over the TTL | a refresh first, then its value |
| over the TTL, and the refresh fails transiently | the last good value, as stale, for a while |
| the refresh fails permanently | the error: a revoked secret stops working |

Theory of operation: `look_up` decides and never fetches; `store` takes what a fetch brought. Both
run on the loop's thread only, and are given the time.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace

from ..http.failure import Failed, Kind
from ..sources.responses.outcome import Outcome
from ..sources.source import Source
from .entry import Entry, Freshness, State, size, spread
from .lru import Lru


@dataclass(frozen=True, slots=True)
class CacheLookup:
    """What a look into the cache found.

    Attributes:
        entry: what the read gets at once; None where it must wait for a fetch.
        fetch: whether a fetch is wanted, before or beside the response.
    """

    entry: Entry | None
    fetch: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """How much the cache holds.

    Attributes:
        entries: how many values.
        bytes: how many bytes these have.
        most_bytes: how many they may have.
    """

    entries: int
    bytes: int
    most_bytes: int


_NOTHING = CacheLookup(None, fetch=True)
_REFUSALS = 256


class Cache:
    """Values and refusals, by source.

    Attributes:
        on_change: told of each source for which something else is held from now on, or nothing.

    Args:
        ttl: gives how long the value of a source counts as fresh, in seconds.
        stale_if_error: how long past its TTL a value serves while upstream fails, in seconds.
        negative_ttl: how long a refusal is remembered, in seconds.
        pinned: the sources that are never evicted.
        optional: those of them which may not exist: that is an answer like a value then, and serves
            while upstream fails.
        capacity: how many others are held; the one that was not read for longest goes first.
        most_bytes: how many bytes these have together.
        random_fraction: gives random numbers from 0 to 1, by which processes' refreshes are spread.
    """

    __slots__ = (
        "_due",
        "_failures",
        "_held",
        "_negative_ttl",
        "_optional",
        "_others",
        "_pinned",
        "_refusals",
        "_stale_if_error",
        "_ttl",
        "on_change",
    )

    def __init__(
        self,
        ttl: Callable[[Source], int],
        stale_if_error: int,
        negative_ttl: int,
        pinned: Iterable[Source] = (),
        optional: Container[Source] = (),
        capacity: int = 1000,
        most_bytes: int = 16 * 1024 * 1024,
        random_fraction: Callable[[], float] = lambda: 0.5,
    ) -> None:
        self._due = spread(random_fraction())  # the same for all: what is due together stays so
        self._ttl = ttl
        self._stale_if_error = stale_if_error
        self._negative_ttl = negative_ttl
        self._held: dict[Source, Entry] = {}
        self._optional = optional
        self._pinned = dict.fromkeys(pinned)
        self._others = Lru(capacity, most_bytes)
        # Of their own, so that names which don't exist evict no value.
        self._refusals = Lru(min(capacity, _REFUSALS), most_bytes)
        self._failures: dict[Source, Failed] = {}
        self.on_change: Callable[[Source], None] = lambda _source: None

    def look_up(self, source: Source, now: float) -> CacheLookup:
        """Look for a value; see the module's table."""
        entry = self._held.get(source)
        if entry is None:
            return _NOTHING
        if source not in self._pinned:
            self._others.use(source)
        if now < entry.fetched_at:  # the clock was set back: it ages from now on
            lifetime = entry.expires_at - entry.fetched_at
            entry = replace(entry, fetched_at=now, expires_at=now + lifetime)
            self._hold(source, entry)
        match entry.freshness(now):
            case Freshness.FRESH:
                return CacheLookup(entry, fetch=False)
            case Freshness.DUE:
                return CacheLookup(entry, fetch=True)
            case Freshness.EXPIRED:
                return _NOTHING

    def store(self, source: Source, outcome: Outcome, now: float) -> Entry:
        """Take what a fetch brought.

        Returns:
            What those who waited for it get.
        """
        if source in self._pinned:
            if isinstance(outcome, Failed):
                self._failures[source] = outcome
            else:
                self._failures.pop(source, None)
        if isinstance(outcome, Failed) and outcome.transient:
            return self.last_good(source, outcome, now)
        lifetime = self._negative_ttl if isinstance(outcome, Failed) else self._ttl(source)
        entry = Entry.of(outcome, now, now + lifetime, self._due)
        if (
            isinstance(outcome, Failed)
            and outcome.kind is Kind.MISSING
            and source in self._optional
        ):
            entry = replace(entry, state=State.ABSENT)
        self._hold(source, entry)
        return entry

    def last_good(self, source: Source, failed: Failed, now: float) -> Entry:
        """What a read gets while upstream fails transiently.

        Args:
            source: what is read.
            failed: how upstream fails.
            now: the time, in seconds since the epoch.

        Returns:
            The value that is held, as stale, while it may be served; then the failure.
        """
        entry = self._held.get(source)
        if entry is not None and entry.may_serve_stale(now, self._stale_if_error):
            return replace(entry, state=State.STALE)
        return Entry.of(failed, now, now)

    def may_serve_stale(self, source: Source, now: float) -> bool:
        """Whether a value is held that may serve while upstream fails."""
        entry = self._held.get(source)
        return entry is not None and entry.may_serve_stale(now, self._stale_if_error)

    def due(self, now: float) -> list[Source]:
        """The pinned sources whose value is due for a refresh, or past it."""
        return [
            source
            for source in self._pinned
            if (entry := self._held.get(source)) is not None
            and not isinstance(entry.outcome, Failed)
            and self._ttl(source)  # zero asks for no refresh but that of each read
            and self.look_up(source, now).fetch
        ]

    def missing(self) -> list[Source]:
        """The pinned sources that no value is held for."""
        entries = ((source, self._held.get(source)) for source in self._pinned)
        return [
            source
            for source, entry in entries
            if entry is None or isinstance(entry.outcome, Failed)
        ]

    def peek(self, source: Source) -> Entry | None:
        """What is held for a source, however old; it does not count as read."""
        return self._held.get(source)

    @property
    def usage(self) -> Usage:
        """How much is held besides the pinned sources."""
        return Usage(len(self._others), self._others.bytes, self._others.most_bytes)

    def outcomes(self) -> list[Outcome]:
        """All that is held, at this moment; for any thread."""
        return [entry.outcome for entry in list(self._held.values())]

    def last_failure(self, source: Source) -> Failed | None:
        """How the last fetch of a pinned source failed; None where it did not."""
        return self._failures.get(source)

    def _hold(self, source: Source, entry: Entry) -> None:
        self.on_change(source)
        self._held[source] = entry
        if source in self._pinned:
            return
        there, elsewhere = self._others, self._refusals
        if entry.is_failure:
            there, elsewhere = elsewhere, there
        elsewhere.pop(source)
        for evicted in there.put(source, size(source, entry.outcome)):
            self.on_change(evicted)
            del self._held[evicted]

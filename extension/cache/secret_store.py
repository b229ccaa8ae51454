"""The secret store: values from the cache where they are fresh, from upstream where they are not.

Runs on the loop's thread; fetching is somebody else's, who calls `deliver` on that thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..http.failure import Failed
from ..sources.responses.outcome import Outcome
from ..sources.source import Source
from .cache import Cache
from .entry import Entry
from .single_flight import InFlight


class FetchResult:
    """What a fetch brought.

    Attributes:
        source: what was fetched.
        outcome: its outcome.
        entry: what the cache makes of that.
        began: when the call began that it is from, in seconds of a monotonic clock.
    """

    __slots__ = ("began", "entry", "outcome", "source")

    def __init__(self, source: Source, outcome: Outcome, entry: Entry, began: float) -> None:
        self.source = source
        self.outcome = outcome
        self.entry = entry
        self.began = began


class SecretStore:
    """Answers reads, and starts the fetches that they need.

    Theory of operation: a read that may have nothing of what is held waits for its source's
    fetch, and one fetch serves all who wait. A fetch has time for retries where nothing else could
    be given, and that of one attempt where a last good value can. As there is one fetch of a source
    at a time, what was asked for later is never followed by what was asked for earlier, whatever
    its version says: versions begin again, and may be moved back.

    Attributes:
        cache: what is held.

    Args:
        cache: what is held.
        fetch: starts to fetch sources in the fewest calls; told whether there is time for retries.
        clock: the time, in seconds since the epoch.
        monotonic: the time that tells which call began first; no clock that is set may move it.
    """

    __slots__ = ("_clock", "_fetch", "_in_flight", "_monotonic", "cache")

    def __init__(
        self,
        cache: Cache,
        fetch: Callable[[Iterable[Source], bool], None],
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self.cache = cache
        self._fetch = fetch
        self._clock = clock
        self._monotonic = monotonic
        self._in_flight = InFlight()

    @property
    def in_flight(self) -> int:
        """How many sources are being fetched."""
        return len(self._in_flight)

    def expect(self, sources: Iterable[Source]) -> None:
        """Count sources as being fetched, which somebody else does: prefetch."""
        for source in sources:
            self._in_flight.begin(source)

    def fetch(self, sources: Iterable[Source]) -> None:
        """Fetch sources, but for those that are being fetched already."""
        wanted = [source for source in sources if self._in_flight.begin(source)]
        now = self._clock()
        groups: dict[bool, list[Source]] = {True: [], False: []}
        for source in wanted:
            groups[not self.cache.may_serve_stale(source, now)].append(source)
        for retry, group in groups.items():
            if group:
                self._fetch(group, retry)

    def read(
        self, sources: Iterable[Source], waiter: Callable[[FetchResult], None]
    ) -> dict[Source, Entry]:
        """Read sources.

        Returns:
            The entries that there are; the waiter is called with what is fetched for the others.
        """
        now = self._clock()
        entries: dict[Source, Entry] = {}
        wanted: list[Source] = []
        waiting: list[Source] = []
        for source in sources:
            lookup = self.cache.look_up(source, now)
            if lookup.fetch:
                wanted.append(source)
            if lookup.entry is None:
                waiting.append(source)
            else:
                entries[source] = lookup.entry
        if wanted:
            self.fetch(wanted)
        for source in waiting:
            self._in_flight.wait(source, waiter)
        return entries

    def refresh(self, sources: Iterable[Source], waiter: Callable[[FetchResult], None]) -> None:
        """Read sources from upstream, whatever is held; the waiter is called with each answer.

        What is being fetched already may be older than the change that the client looks for. So it
        counts only where its call began after this one; else it is fetched once more.
        """
        asked_at = self._monotonic()

        def fetched(result: FetchResult) -> None:
            if result.began >= asked_at:
                waiter(result)
            else:
                self.fetch([result.source])
                self._in_flight.wait(result.source, fetched)

        sources = list(sources)
        self.fetch(sources)
        for source in sources:
            self._in_flight.wait(source, fetched)

    def may_serve_stale(self, source: Source) -> bool:
        """Whether a value is held that may serve while upstream fails."""
        return self.cache.may_serve_stale(source, self._clock())

    def last_good(self, source: Source, failed: Failed) -> Entry:
        """What a read gets that can't wait for its fetch any longer; see `Cache.last_good`."""
        return self.cache.last_good(source, failed, self._clock())

    def give_up(self, failed: Failed) -> None:
        """End every fetch with a failure: who waits gets a last good value, or hears why."""
        self.deliver(dict.fromkeys(self._in_flight, failed), float("inf"))

    def deliver(self, outcomes: Mapping[Source, Outcome], began: float) -> None:
        """Take what a fetch brought, and answer those who wait for it.

        Args:
            outcomes: what it brought.
            began: when the call began that it is from, in seconds of the monotonic clock.
        """
        now = self._clock()
        for source, outcome in outcomes.items():
            entry = self.cache.store(source, outcome, now)
            self._in_flight.finish(source, FetchResult(source, outcome, entry, began))

"""The supply of values: from the cache where they are fresh, from upstream where they are not.

Runs on the loop's thread; fetching is somebody else's, who calls `deliver` on that thread.
"""

from __future__ import annotations

from .single_flight import Flights

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .cache import Answer, Cache
    from .outcome import Failed, Outcome
    from .reference import Source


class Delivery:
    """What a flight brought: the outcome itself, and the answer that the cache makes of it."""

    __slots__ = ("answer", "outcome")

    def __init__(self, outcome: Outcome, answer: Answer) -> None:
        self.outcome = outcome
        self.answer = answer


class Supply:
    """Answers reads, and starts the fetches that they need.

    Attributes:
        cache: what is held.
        generation: how many deliveries there were, so that others know when anything changed.

    Args:
        cache: what is held.
        fetch: starts a fetch of one source.
        clock: the time, in seconds since the epoch.
    """

    __slots__ = ("_clock", "_fetch", "_flights", "cache", "generation")

    def __init__(
        self, cache: Cache, fetch: Callable[[Source], None], clock: Callable[[], float]
    ) -> None:
        self.cache = cache
        self._fetch = fetch
        self._clock = clock
        self._flights = Flights()
        self.generation = 0

    @property
    def in_flight(self) -> int:
        """How many sources are being fetched."""
        return len(self._flights)

    def expect(self, sources: Iterable[Source]) -> list[Source]:
        """Count sources as being fetched, which somebody else does, such as prefetch.

        Returns:
            Those that were not being fetched already.
        """
        return [source for source in sources if self._flights.take_off(source)]

    def read(self, source: Source, waiter: Callable[[Delivery], None]) -> Answer | None:
        """Read a source.

        Returns:
            The answer; or None, and then the waiter is called with it.
        """
        look = self.cache.look(source, self._clock())
        if look.fetch and self._flights.take_off(source):
            self._fetch(source)
        if look.answer is None:
            self._flights.wait(source, waiter)
        return look.answer

    def refresh(self, source: Source, waiter: Callable[[Delivery], None]) -> None:
        """Read a source from upstream, whatever is held; the waiter is called with the answer."""
        if self._flights.take_off(source):
            self._fetch(source)
        self._flights.wait(source, waiter)

    def last_good(self, source: Source, failed: Failed) -> Answer:
        """What a read gets that can't wait for its fetch any longer; see `Cache.last_good`."""
        return self.cache.last_good(source, failed, self._clock())

    def deliver(self, outcomes: Mapping[Source, Outcome]) -> None:
        """Take what a fetch brought, and answer those who wait for it."""
        now = self._clock()
        self.generation += 1
        for source, outcome in outcomes.items():
            answer = self.cache.settle(source, outcome, now)
            self._flights.land(source, Delivery(outcome, answer))

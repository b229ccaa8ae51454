"""Reads and refreshes against a model of the freshness table, with a clock that jumps both ways.

What the cache's own model leaves out: who waits for whom, one fetch at a time for each source, and
what a refresh is told.
"""

import itertools
from collections.abc import Iterable, Mapping

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from extension.cache.cache import Cache
from extension.cache.entry import Entry, State
from extension.cache.pending_read import LATE, PendingRead
from extension.cache.secret_store import SecretStore
from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found, Listing
from extension.sources.source import Source

SOURCES = [Parameter("/a"), Parameter("/b"), Parameter("/c")]
sources = st.sampled_from(SOURCES)
lifetimes = st.sampled_from([0, 5, 50, 100])
Got = Found | Listing | Failed | None


def state_of(outcome: Got) -> State:
    """The state of what a fetch has brought."""
    return State.FAILED if isinstance(outcome, Failed) else State.FRESH


class Reader:
    """Somebody who reads or refreshes one source, and what was got in the end."""

    def __init__(self, supply: SecretStore, source: Source, *, refresh: bool) -> None:
        self.source = source
        self.refresh = refresh
        self.asked = -1
        self.got: Got = None
        self.state: State | None = None
        self.times = 0
        self.gathering = PendingRead(supply, [source], refresh=refresh)
        if self.gathering.missing:
            self.gathering.finish = self._finish
        else:
            self._finish(self.gathering.entries)

    def _finish(self, answers: Mapping[Source, Entry]) -> None:
        self.times += 1
        self.got, self.state = answers[self.source].outcome, answers[self.source].state


class SupplyModel(RuleBasedStateMachine):
    """For each source a value or a refusal since some moment, maybe a flight, and who waits."""

    @initialize(ttl=lifetimes, stale=lifetimes, negative=lifetimes)
    def begin(self, ttl: int, stale: int, negative: int) -> None:
        """Nothing is held, nobody waits."""
        self.ttl, self.stale, self.negative = ttl, stale, negative
        self.now = 1000
        self.moments = itertools.count()
        self.fetching: list[Source] = []
        cache = Cache(lambda _: ttl, stale, negative, pinned=SOURCES)
        self.supply = SecretStore(cache, self.fetch, lambda: self.now, lambda: next(self.moments))
        self.held: dict[Source, tuple[Found | Failed, int]] = {}
        self.flights: list[Source] = []
        self.began: dict[Source, int] = {}
        self.asked: dict[Source, list[int]] = {source: [] for source in SOURCES}
        self.waiting: list[Reader] = []
        self.versions = 0

    def fetch(self, sources: Iterable[Source], _patient: bool) -> None:
        """Begin a fetch of each."""
        for source in sources:
            self.fetching.append(source)
            self.began[source] = next(self.moments)

    def age(self, source: Source) -> int:
        """In seconds, and never below zero."""
        return max(0, self.now - self.held[source][1])

    def last_good(self, source: Source, failed: Failed) -> tuple[Got, State]:
        """What a read gets while upstream fails in passing, and its state."""
        outcome = self.held[source][0] if source in self.held else None
        if isinstance(outcome, Found) and self.age(source) < self.ttl + self.stale:
            return outcome, State.STALE
        return failed, State.FAILED

    def take_off(self, source: Source) -> None:
        """A fetch is wanted; one that is under way serves."""
        if source not in self.flights:
            self.flights.append(source)

    @rule(seconds=st.integers(-200, 300))
    def pass_time(self, seconds: int) -> None:
        """The clock moves, not always forward."""
        self.now += seconds

    @rule(source=sources)
    def read(self, source: Source) -> None:
        """Who reads gets what the table says, or waits."""
        reader = Reader(self.supply, source, refresh=False)
        if source in self.held:  # it ages from now on, where the clock was set back
            self.held[source] = (self.held[source][0], min(self.held[source][1], self.now))
        outcome = self.held[source][0] if source in self.held else None
        lifetime = self.ttl if isinstance(outcome, Found) else self.negative
        if outcome is not None and self.age(source) < lifetime:
            assert (reader.got, reader.state, reader.times) == (outcome, state_of(outcome), 1)
            if isinstance(outcome, Found) and self.age(source) * 10 >= self.ttl * 8:
                self.take_off(source)
        else:
            assert reader.times == 0
            self.take_off(source)
            self.waiting.append(reader)

    @rule(source=sources)
    def refresh(self, source: Source) -> None:
        """Who refreshes always waits, and for a fetch that was not under way before."""
        self.asked[source].append(next(self.moments))
        reader = Reader(self.supply, source, refresh=True)
        reader.asked = self.asked[source][-1]
        assert reader.times == 0
        self.take_off(source)
        self.waiting.append(reader)

    @precondition(lambda self: self.flights)
    @rule(
        kind=st.sampled_from(["found", "missing", "denied", "throttled", "untrusted"]),
        is_late=st.booleans(),
    )
    def land(self, kind: str, is_late: bool) -> None:
        """The oldest fetch brings something, and all who wait for it get it.

        Unless its last attempt began after they asked, who wants a later one waits for that.
        """
        source = self.flights.pop(0)
        assert self.fetching.pop(0) == source
        self.versions += 1
        found = Found("/x", "value", str(self.versions), "String", "arn", 0)
        outcome = found if kind == "found" else Failed(Kind(kind), "why")
        expected: tuple[Got, State] = (outcome, state_of(outcome))
        if isinstance(outcome, Failed) and outcome.transient:
            expected = self.last_good(source, outcome)
        else:
            self.held[source] = (outcome, self.now)
        began = next(self.moments) if is_late else self.began.pop(source)
        self.supply.deliver({source: outcome}, began)
        concerned = [reader for reader in self.waiting if reader.source == source]
        landed = [reader for reader in concerned if reader.asked < began]
        # Who has given up meanwhile has asked for it all the same.
        self.asked[source] = [asked for asked in self.asked[source] if asked > began]
        if self.asked[source]:
            self.take_off(source)
        self.waiting = [reader for reader in self.waiting if reader not in landed]
        for reader in landed:
            told = reader.refresh and isinstance(outcome, Failed)
            assert (reader.got, reader.state) == (
                (outcome, state_of(outcome)) if told else expected
            )
            assert reader.times == 1

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        """A reader has waited as long as may be; the fetch goes on for the others."""
        reader = self.waiting.pop(data.draw(st.integers(0, len(self.waiting) - 1)))
        reader.gathering.give_up()
        expected = (LATE, State.FAILED) if reader.refresh else self.last_good(reader.source, LATE)
        assert (reader.got, reader.state, reader.times) == (*expected, 1)

    @invariant()
    def each_source_is_fetched_once_at_a_time(self) -> None:
        """However many wait for it, and in the order in which it was asked for."""
        assert self.fetching == self.flights
        assert self.supply.in_flight == len(self.flights)
        assert all(reader.gathering.missing for reader in self.waiting)


TestSupplyModel = SupplyModel.TestCase
TestSupplyModel.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)

"""The cache against a model of the freshness table, with a clock that jumps both ways."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from extension.cache.cache import Cache
from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found
from tests.unit.failures import PERMANENT, TRANSIENT

SOURCE = Parameter("/a")
lifetimes = st.sampled_from([0, 5, 50, 100])


class CacheModel(RuleBasedStateMachine):
    """What the table says of one source: a value or a refusal is held, since some moment."""

    @initialize(ttl=lifetimes, stale=lifetimes, negative=lifetimes)
    def begin(self, ttl: int, stale: int, negative: int) -> None:
        """Nothing is held."""
        self.ttl, self.stale, self.negative = ttl, stale, negative
        self.cache = Cache(lambda _: ttl, stale, negative)
        self.now = 1000
        self.versions = 0
        self.held: Found | Failed | None = None
        self.since = 0

    @property
    def age(self) -> int:
        """In seconds, and never below zero."""
        return max(0, self.now - self.since)

    @rule(seconds=st.integers(-200, 300))
    def pass_time(self, seconds: int) -> None:
        """The clock moves, not always forward."""
        self.now += seconds

    @rule()
    def find(self) -> None:
        """A fetch brings a new version."""
        self.versions += 1
        self.held = Found("/a", "value", str(self.versions), "String", "arn:a", 0)
        self.since = self.now
        answer = self.cache.store(SOURCE, self.held, self.now)
        assert (answer.outcome, answer.state) == (self.held, "fresh")

    @rule(kind=st.sampled_from(PERMANENT))
    def refuse(self, kind: str) -> None:
        """A fetch is refused for good."""
        self.held, self.since = Failed(Kind(kind), "why"), self.now
        assert self.cache.store(SOURCE, self.held, self.now).outcome == self.held

    @rule(kind=st.sampled_from(TRANSIENT))
    def fail(self, kind: str) -> None:
        """A fetch fails in passing."""
        failed = Failed(Kind(kind), "why")
        answer = self.cache.store(SOURCE, failed, self.now)
        if isinstance(self.held, Found) and self.age < self.ttl + self.stale:
            assert (answer.outcome, answer.state) == (self.held, "stale")
        else:
            assert answer.outcome == failed

    @invariant()
    def a_read_gets_what_the_table_says(self) -> None:
        """The value, or the refusal, or neither before a fetch.

        Where the clock was set back, what is held ages from now on.
        """
        self.since = min(self.since, self.now)
        look = self.cache.look_up(SOURCE, self.now)
        lifetime = self.ttl if isinstance(self.held, Found) else self.negative
        serves = self.held is not None and self.age < lifetime
        assert (look.entry and look.entry.outcome) == (self.held if serves else None)
        due = isinstance(self.held, Found) and self.age * 10 >= self.ttl * 8
        assert look.fetch == (due or not serves)


TestCacheModel = CacheModel.TestCase
TestCacheModel.settings = settings(max_examples=150, stateful_step_count=30)

"""The cache holds what is declared for good, and as many others as it may."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from extension.cache.cache import Cache, CacheLookup
from extension.cache.entry import Entry, State
from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from extension.sources.parameter_path import ParameterPath
from extension.sources.responses.outcome import Found, Listing
from extension.sources.source import Source

T = 1_700_000_000
DECLARED, PATH = Parameter("/declared"), ParameterPath("/app")
A, B, C = Parameter("/a"), Parameter("/b"), Parameter("/c")
VALUE = Found("/a", "value", "1", "String", "arn:a", 0)
GONE = Failed(Kind.MISSING, "it is gone")
SLOW = Failed(Kind.TIMEOUT, "no answer")
EVERYTHING: list[Source] = [DECLARED, PATH, *(Parameter(f"/{name}") for name in "abcde")]
sources = st.sampled_from(EVERYTHING)


def cache(capacity: int) -> Cache:
    """One that holds so many sources beside the declared ones."""
    return Cache(lambda _: 300, 3600, 5, pinned=[DECLARED, PATH], capacity=capacity)


def held(of: Cache, *sources: Source) -> list[bool]:
    """Which of them it holds."""
    return [of.peek(source) is not None for source in sources]


def test_the_one_that_was_not_read_for_longest_goes_first() -> None:
    """A look counts as a read."""
    small = cache(2)
    small.store(A, VALUE, T)
    small.store(B, VALUE, T)
    small.look_up(A, T)
    small.store(C, VALUE, T)
    assert held(small, A, B, C) == [True, False, True]


def test_a_value_that_is_fetched_again_takes_no_other_s_place() -> None:
    """It is there already."""
    small = cache(2)
    for source in (A, B, A, B, A):
        small.store(source, VALUE, T)
    assert held(small, A, B) == [True, True]


def test_declared_entry_is_never_evicted() -> None:
    """However long nobody has read it; nor does it take anybody's place."""
    small = cache(1)
    small.store(DECLARED, VALUE, T)
    small.store(PATH, VALUE, T)
    for number in range(10):
        small.store(Parameter(f"/{number}"), VALUE, T)
    assert held(small, DECLARED, PATH, Parameter("/9")) == [True, True, True]


def test_cache_without_room_holds_only_declared_entries() -> None:
    """Whoever waits for another gets it all the same."""
    none = cache(0)
    none.store(DECLARED, VALUE, T)
    assert none.store(A, VALUE, T) == Entry(VALUE, State.FRESH, T, T + 300)
    assert none.look_up(A, T) == CacheLookup(None, fetch=True)
    assert held(none, DECLARED, A) == [True, False]


def test_cache_without_room_has_no_last_good_value() -> None:
    """Nor is a refusal remembered."""
    none = cache(0)
    none.store(A, VALUE, T)
    assert none.store(A, SLOW, T + 1).outcome == SLOW
    none.store(A, GONE, T + 2)
    assert none.look_up(A, T + 2) == CacheLookup(None, fetch=True)


def test_refusals_evict_no_value() -> None:
    """However many names there are that do not exist; they are not more than so many themselves."""
    small = cache(500)
    small.store(A, VALUE, T)
    names = [Parameter(f"/{number}") for number in range(500)]
    for name in names:
        small.store(name, GONE, T)
    assert held(small, A) == [True]
    assert held(small, *names).count(True) == 256
    assert held(small, *names[-256:]) == [True] * 256
    assert small.usage.entries == 1


def test_a_refusal_takes_the_place_of_its_value_and_a_value_that_of_its_refusal() -> None:
    """Of one source there is one of them."""
    small = cache(2)
    for outcome in (VALUE, GONE, VALUE):
        small.store(A, outcome, T)
        entry = small.peek(A)
        assert entry is not None
        assert entry.outcome == outcome
        assert small.usage.entries == (outcome == VALUE)


def test_values_have_no_more_bytes_than_they_may_have_together() -> None:
    """The one that was not read for longest goes first; a larger one alone evicts nothing."""
    small = Cache(lambda _: 300, 3600, 5, pinned=[DECLARED], capacity=1000, most_bytes=300_000)
    for number in range(20):
        small.store(Parameter(f"/{number}"), replace(VALUE, value="x" * 64_000), T)
        assert small.usage.bytes <= 300_000
    assert small.usage.entries == 4
    small.store(A, replace(VALUE, value="x" * 400_000), T)
    assert held(small, A, Parameter("/19")) == [False, True]
    small.store(DECLARED, replace(VALUE, value="x" * 400_000), T)
    assert held(small, DECLARED, Parameter("/19")) == [True, True]


def test_a_path_has_the_bytes_of_all_below_it() -> None:
    """Each of its values counts."""
    small = Cache(lambda _: 300, 3600, 5, capacity=1000, most_bytes=10_000_000)
    members = {str(number): replace(VALUE, value="x" * 1000) for number in range(100)}
    small.store(PATH, Listing("/app", members), T)
    assert small.usage.bytes > 100_000


def test_errors_are_kept_for_what_is_declared_alone() -> None:
    """They are for the status, which names nothing else."""
    small = cache(2)
    for source in (DECLARED, A):
        small.store(source, SLOW, T)
    assert small.last_failure(DECLARED) is not None
    assert small.last_failure(A) is None


def test_a_keeper_of_what_was_made_of_a_value_is_told_when_it_goes() -> None:
    """Replaced or evicted; a failure in passing changes nothing."""
    small, told = cache(2), list[Source]()
    small.on_change = told.append
    for source in (DECLARED, A, B):
        small.store(source, VALUE, T)
    assert told == [DECLARED, A, B]
    small.store(A, SLOW, T)
    small.store(B, GONE, T)
    small.store(C, VALUE, T)
    assert told == [DECLARED, A, B, B, C]
    small.store(A, VALUE, T)
    small.store(B, VALUE, T)
    assert told[5:] == [A, B, C]


class EvictionModel(RuleBasedStateMachine):
    """Which sources are held, the one that was not read for longest first."""

    @initialize(capacity=st.integers(0, 4))
    def begin(self, capacity: int) -> None:
        """Nothing is held."""
        self.capacity = capacity
        self.cache = cache(capacity)
        self.values: list[Source] = []
        self.refusals: list[Source] = []
        self.declared: set[Source] = set()

    @rule(source=sources, outcome=st.sampled_from([VALUE, GONE]))
    def settle(self, source: Source, outcome: Found | Failed) -> None:
        """A fetch brings something to hold."""
        self.cache.store(source, outcome, T)
        if source in (DECLARED, PATH):
            self.declared.add(source)
            return
        for group in (self.values, self.refusals):
            if source in group:
                group.remove(source)
        group = self.values if outcome == VALUE else self.refusals
        group.append(source)
        del group[: max(0, len(group) - self.capacity)]

    @rule(source=sources)
    def fail(self, source: Source) -> None:
        """A fetch brings nothing to hold."""
        self.cache.store(source, SLOW, T)

    @rule(source=sources)
    def look(self, source: Source) -> None:
        """A read."""
        assert self.cache.look_up(source, T).fetch == (source not in self.held())
        if source in self.values:
            self.values.remove(source)
            self.values.append(source)

    def held(self) -> set[Source]:
        """What is held."""
        return {*self.values, *self.refusals, *self.declared}

    @invariant()
    def it_holds_what_the_model_holds(self) -> None:
        """And no more."""
        holds = {source for source in EVERYTHING if self.cache.peek(source) is not None}
        assert holds == self.held()


TestEvictionModel = EvictionModel.TestCase
TestEvictionModel.settings = settings(max_examples=60, stateful_step_count=30)

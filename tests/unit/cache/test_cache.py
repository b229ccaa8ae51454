"""The cache, by the rows of the freshness table in the README."""

import pytest

from extension.cache.cache import Cache, CacheLookup
from extension.cache.entry import Entry, State
from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found
from extension.sources.secretsmanager import Secret
from tests.unit.failures import TRANSIENT

SOURCE = Parameter("/a")
OTHER = Parameter("/a", "3")
VALUE = Found("/a", "value", "1", "String", "arn:a", 0)
NEWER = Found("/a", "newer", "2", "String", "arn:a", 0)
GONE = Failed(Kind.MISSING, "it is gone")
DENIED = Failed(Kind.DENIED, "you may not")
SLOW = Failed(Kind.TIMEOUT, "no answer")
T = 1_700_000_000
TTL, STALE, NEGATIVE = 300, 3600, 5
FETCH = CacheLookup(None, fetch=True)


@pytest.fixture
def cache() -> Cache:
    """One with the default settings."""
    return Cache(lambda _: TTL, STALE, NEGATIVE)


@pytest.fixture
def warm(cache: Cache) -> Cache:
    """One that holds a value, fetched at T."""
    cache.store(SOURCE, VALUE, T)
    return cache


def fresh(outcome: Found | Failed, at: int, lifetime: int = TTL) -> Entry:
    """What a fetch at some moment makes of an outcome."""
    return Entry.of(outcome, at, at + lifetime)


def test_missing_entry_is_fetched_first(cache: Cache) -> None:
    """The read waits."""
    assert cache.look_up(SOURCE, T) == FETCH


@pytest.mark.parametrize("age", [0, 1, 239.999])
def test_under_80_percent_of_the_ttl_the_value_is_served(warm: Cache, age: float) -> None:
    """And nothing is fetched."""
    assert warm.look_up(SOURCE, T + age) == CacheLookup(fresh(VALUE, T), fetch=False)


@pytest.mark.parametrize("age", [240, 299.999])
def test_value_past_80_percent_of_its_ttl_is_served_and_refreshed(warm: Cache, age: float) -> None:
    """Nobody waits."""
    assert warm.look_up(SOURCE, T + age) == CacheLookup(fresh(VALUE, T), fetch=True)


@pytest.mark.parametrize("age", [300, 10**7])
def test_over_the_ttl_a_fetch_comes_first(warm: Cache, age: float) -> None:
    """The read waits."""
    assert warm.look_up(SOURCE, T + age) == FETCH


def test_a_refreshed_value_takes_the_old_one_s_place(warm: Cache) -> None:
    """With an age of its own."""
    assert warm.store(SOURCE, NEWER, T + 300) == fresh(NEWER, T + 300)
    assert warm.look_up(SOURCE, T + 400) == CacheLookup(fresh(NEWER, T + 300), fetch=False)


@pytest.mark.parametrize("kind", TRANSIENT)
def test_last_good_value_is_stale_while_upstream_fails_transiently(warm: Cache, kind: str) -> None:
    """It keeps the moment of its fetch, and the next read tries again."""
    stale = Entry(VALUE, State.STALE, T, T + TTL)
    assert warm.store(SOURCE, Failed(Kind(kind), "why"), T + 3899) == stale
    assert warm.look_up(SOURCE, T + 3899) == FETCH


def test_past_stale_if_error_the_failure_is_told(warm: Cache) -> None:
    """Without being remembered: it may pass."""
    answer = warm.store(SOURCE, SLOW, T + 3900)
    assert answer.outcome == SLOW
    assert warm.look_up(SOURCE, T + 3900) == FETCH


def test_a_value_outlives_a_failure_beside_it(warm: Cache) -> None:
    """A refresh that fails between 80 and 100 percent changes nothing for readers."""
    warm.store(SOURCE, SLOW, T + 250)
    assert warm.look_up(SOURCE, T + 251) == CacheLookup(fresh(VALUE, T), fetch=True)


def test_a_failure_in_passing_is_told_where_nothing_is_held(cache: Cache) -> None:
    """And not remembered."""
    assert cache.store(SOURCE, SLOW, T).outcome == SLOW
    assert cache.look_up(SOURCE, T) == FETCH


@pytest.mark.parametrize("refusal", [GONE, DENIED, Failed(Kind.REJECTED, "no")])
def test_a_refusal_for_good_takes_the_value_s_place(warm: Cache, refusal: Failed) -> None:
    """A revoked secret stops working, however fresh it was."""
    assert warm.store(SOURCE, refusal, T + 1).outcome == refusal
    assert warm.look_up(SOURCE, T + 2) == CacheLookup(fresh(refusal, T + 1, NEGATIVE), fetch=False)


def test_a_refusal_is_remembered_for_the_negative_ttl(cache: Cache) -> None:
    """Then it is asked again."""
    cache.store(SOURCE, GONE, T)
    assert cache.look_up(SOURCE, T + 4.999) == CacheLookup(fresh(GONE, T, NEGATIVE), fetch=False)
    assert cache.look_up(SOURCE, T + 5) == FETCH


def test_a_refused_value_does_not_come_back(warm: Cache) -> None:
    """When upstream fails in passing after it."""
    warm.store(SOURCE, GONE, T + 1)
    assert warm.store(SOURCE, SLOW, T + 10).outcome == SLOW


def test_a_refusal_ends_when_the_value_is_there_again(cache: Cache) -> None:
    """As when the missing parameter was put."""
    cache.store(SOURCE, GONE, T)
    cache.store(SOURCE, VALUE, T + 6)
    assert cache.look_up(SOURCE, T + 7) == CacheLookup(fresh(VALUE, T + 6), fetch=False)


def test_ttl_of_zero_sends_every_read_upstream() -> None:
    """And what the fetch brought is answered."""
    cache = Cache(lambda _: 0, STALE, NEGATIVE)
    assert cache.store(SOURCE, VALUE, T) == fresh(VALUE, T, 0)
    assert cache.look_up(SOURCE, T) == FETCH


def test_negative_ttl_of_zero_remembers_no_refusal() -> None:
    """Every read asks again."""
    cache = Cache(lambda _: TTL, STALE, 0)
    cache.store(SOURCE, GONE, T)
    assert cache.look_up(SOURCE, T) == FETCH


def test_each_source_has_the_ttl_of_its_service() -> None:
    """Here 10 seconds for SSM, and 20 for Secrets Manager."""
    cache = Cache(lambda source: 10 if source.service == "ssm" else 20, STALE, NEGATIVE)
    secret = Secret("db")
    for source in (SOURCE, secret):
        cache.store(source, VALUE, T)
    assert cache.look_up(SOURCE, T + 15) == FETCH
    assert cache.look_up(secret, T + 15) == CacheLookup(fresh(VALUE, T, 20), fetch=False)


def test_versions_of_one_name_are_held_apart(warm: Cache) -> None:
    """They are different sources."""
    assert warm.look_up(OTHER, T) == FETCH


def test_a_clock_that_jumps_back_leaves_a_value_fresh(warm: Cache) -> None:
    """It is zero seconds old, however far the jump."""
    assert warm.look_up(SOURCE, T - 10**6) == CacheLookup(fresh(VALUE, T - 10**6), fetch=False)


def test_a_clock_that_jumps_back_leaves_a_value_fresh_for_no_longer_than_its_ttl(
    warm: Cache,
) -> None:
    """Else a rotation would go unseen until the clock is where it was."""
    warm.look_up(SOURCE, T - 10**6)
    assert warm.look_up(SOURCE, T - 10**6 + 300) == FETCH


def test_a_peek_shows_what_is_held_however_old(warm: Cache) -> None:
    """And counts as no read."""
    assert warm.peek(SOURCE) == fresh(VALUE, T)
    assert warm.peek(OTHER) is None


def test_the_last_failure_of_a_pinned_source_is_that_of_its_last_fetch() -> None:
    """Also where a value serves; a fetch that succeeds clears it."""
    warm = Cache(lambda _: TTL, STALE, NEGATIVE, pinned=[SOURCE])
    warm.store(SOURCE, VALUE, T)
    assert warm.last_failure(SOURCE) is None
    warm.store(SOURCE, SLOW, T + 250)
    assert warm.last_failure(SOURCE) == SLOW
    warm.store(SOURCE, NEWER, T + 260)
    assert warm.last_failure(SOURCE) is None


@pytest.mark.parametrize(("chance", "due"), [(0.0, 216), (0.5, 240), (1.0, 264)])
def test_entries_fetched_together_are_due_at_different_times(chance: float, due: float) -> None:
    """By chance, so that neither names nor processes come back together."""
    cache = Cache(lambda _: TTL, STALE, NEGATIVE, random_fraction=lambda: chance)
    entry = cache.store(SOURCE, VALUE, T)
    assert entry.due_at == pytest.approx(T + due)
    assert cache.look_up(SOURCE, T + due - 1).fetch is False
    assert cache.look_up(SOURCE, T + due + 1).fetch is True


def test_known_absence_of_an_optional_source_is_served_while_upstream_fails_transiently() -> None:
    """It is an answer like a value, and as old as one may be; another failure is none."""
    cache = Cache(lambda _: TTL, STALE, NEGATIVE, optional={SOURCE})
    cache.store(SOURCE, GONE, T)
    assert cache.look_up(SOURCE, T + NEGATIVE) == FETCH
    last = T + NEGATIVE + STALE
    assert cache.store(SOURCE, SLOW, last - 1).outcome == GONE
    assert cache.store(SOURCE, SLOW, last).outcome == SLOW
    cache.store(SOURCE, DENIED, last)
    assert cache.store(SOURCE, SLOW, last + 1).outcome == SLOW

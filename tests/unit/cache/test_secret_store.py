"""The supply: who gets what, and what is fetched for it."""

import pytest

from extension.cache.secret_store import FetchResult, SecretStore
from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found
from extension.sources.source import Source
from tests.fakes.supplied import STALE, Supplied, nobody, value

A, B, C, D = (Parameter(f"/{name}") for name in "abcd")
GONE, SLOW = Failed(Kind.MISSING, "it is gone"), Failed(Kind.TIMEOUT, "no answer")


@pytest.fixture
def world() -> Supplied:
    """A supply that holds nothing."""
    return Supplied()


def test_a_read_of_what_is_not_held_waits_for_its_fetch(world: Supplied) -> None:
    """And is told what it brought."""
    got: list[FetchResult] = []
    assert world.supply.read([A], got.append) == {}
    assert (world.fetching, world.supply.in_flight) == ([A], 1)
    world.deliver(value("one"))
    (delivery,) = got
    assert delivery.entry.outcome == delivery.outcome == value("one")
    assert world.supply.in_flight == 0


def test_however_many_wait_there_is_one_fetch(world: Supplied) -> None:
    """All get the same."""
    got: list[FetchResult] = []
    for _ in range(100):
        assert world.supply.read([A], got.append) == {}
    assert world.fetching == [A]
    world.deliver(value("one"))
    assert [delivery.outcome for delivery in got] == [value("one")] * 100


@pytest.mark.parametrize("older", [value("one"), GONE])
def test_a_refresh_gets_nothing_that_was_asked_for_before(
    world: Supplied, older: Found | Failed
) -> None:
    """It may be older than the change that is looked for; one later fetch serves all such."""
    got: list[FetchResult] = []
    world.supply.read([A], print)
    for _ in range(3):
        world.supply.refresh([A], got.append)
    assert world.fetching == [A]
    world.deliver(older)
    assert (world.fetching, got) == ([A], [])
    world.deliver(value("two"))
    assert [delivery.outcome for delivery in got] == [value("two")] * 3
    assert world.fetching == []


def test_a_refresh_asks_again_where_what_was_asked_before_has_failed(world: Supplied) -> None:
    """The failure is older than the question."""
    got: list[FetchResult] = []
    world.supply.read([A], print)
    world.supply.refresh([A], got.append)
    world.deliver(SLOW)
    assert (world.fetching, got) == ([A], [])
    world.deliver(value("two"))
    assert [delivery.outcome for delivery in got] == [value("two")]


@pytest.mark.parametrize("outcome", [value("one"), GONE, SLOW])
def test_a_refresh_joins_a_call_that_began_after_it(
    world: Supplied, outcome: Found | Failed
) -> None:
    """Such as another attempt of a fetch that is older, whatever comes of it."""
    got: list[FetchResult] = []
    world.supply.read([A], print)
    world.supply.refresh([A], got.append)
    world.deliver(outcome, began=world.pass_by())
    assert [delivery.outcome for delivery in got] == [outcome]
    assert world.fetching == []


def test_result_of_the_later_request_stays_whatever_its_version(world: Supplied) -> None:
    """One that is deleted and created begins again at 1, and a stage may be moved back."""
    got: list[FetchResult] = []
    versions = ["7", "1", "8", "3"]
    for version in versions:
        world.supply.refresh([A], got.append)
        world.deliver(value("one", version))
        assert world.supply.read([A], nobody)[A].outcome == value("one", version)
    assert [delivery.outcome for delivery in got] == [value("one", each) for each in versions]


def test_a_refresh_that_is_given_up_fetches_nothing_more(world: Supplied) -> None:
    """Nobody would be there to take it."""
    got: list[FetchResult] = []
    world.supply.read([A], print)
    world.supply.refresh([A], got.append)
    world.supply.give_up(SLOW)
    assert [delivery.outcome for delivery in got] == [SLOW]
    assert world.supply.in_flight == 0


def test_sources_are_fetched_apart(world: Supplied) -> None:
    """One that is under way holds no other up."""
    world.supply.read([A], print)
    world.supply.read([B], print)
    assert world.fetching == [A, B]


def test_a_fresh_value_is_answered_at_once(world: Supplied) -> None:
    """Nothing is fetched and nobody called."""
    world.hold(A, value("one"))
    assert world.supply.read([A], nobody)[A].outcome == value("one")
    assert world.fetching == []


def test_a_due_value_is_answered_at_once_and_fetched_once(world: Supplied) -> None:
    """However many read it meanwhile."""
    world.hold(A, value("one"))
    world.now += 240
    for _ in range(10):
        assert world.supply.read([A], nobody)[A].outcome == value("one")
    assert world.fetching == [A]
    world.deliver(value("two"))
    assert world.supply.read([A], nobody)[A].outcome == value("two")


def test_an_expired_value_is_fetched_first(world: Supplied) -> None:
    """Who reads it waits."""
    world.hold(A, value("one"))
    world.now += 300
    assert world.supply.read([A], print) == {}
    assert world.fetching == [A]


def test_a_read_of_an_expired_value_gets_it_stale_while_upstream_fails(world: Supplied) -> None:
    """The outcome itself says what failed."""
    got: list[FetchResult] = []
    world.hold(A, value("one"))
    world.now += 300
    world.supply.read([A], got.append)
    world.deliver(SLOW)
    assert (got[0].entry.outcome, got[0].entry.state) == (value("one"), "stale")
    assert got[0].outcome == SLOW


def test_a_fetch_is_patient_where_nothing_else_can_be_given(world: Supplied) -> None:
    """There is no value, or only one that is too old to serve as stale."""
    world.supply.read([A], print)
    assert world.patient is True
    world.deliver(value("one"))
    world.now += 300 + STALE
    world.supply.read([A], print)
    assert world.patient is True


def test_a_fetch_is_brief_where_a_good_value_can_serve(world: Supplied) -> None:
    """Whether it is read, due or refreshed: whoever reads meanwhile waits for the same fetch."""
    world.hold(A, value("one"))
    asks = ((0, world.supply.refresh), (240, world.supply.read), (300, world.supply.read))
    for seconds, ask in asks:
        world.now += seconds
        ask([A], print)
        assert world.patient is False
        world.deliver(value("one"))


def test_secrets_wanted_together_are_fetched_together(world: Supplied) -> None:
    """But what has a good value is fetched apart from what has none: the one is brief."""
    world.hold(B, value("b"))
    fetches: list[tuple[list[Source], bool]] = []
    supply = SecretStore(
        world.supply.cache,
        lambda wanted, patient: fetches.append(([*wanted], patient)),
        lambda: world.now,
        world.pass_by,
    )
    supply.read([A, B, C], print)
    supply.read([A, C], print)
    supply.refresh([A, B], print)
    assert fetches == [([A, C], True), ([B], False)]
    world.now += 300
    fetches.clear()
    supply.read([B, D], print)
    assert fetches == [([D], True)]  # that of B is under way


def test_a_refresh_fetches_whatever_is_held(world: Supplied) -> None:
    """Even a fresh value, or a refusal that is remembered."""
    for held in (value("one"), GONE):
        world.hold(A, held)
        world.supply.refresh([A], print)
        assert world.fetching == [A]
        world.deliver(value("two"))


def test_request_begun_by_prefetch_is_not_made_again(world: Supplied) -> None:
    """A reader that comes meanwhile waits for it."""
    got: list[FetchResult] = []
    world.supply.expect([A, B])
    assert world.supply.in_flight == 2
    assert world.supply.read([A], got.append) == {}
    assert world.fetching == []
    world.supply.deliver({A: value("one"), B: GONE}, world.pass_by())
    assert got[0].outcome == value("one")
    assert world.supply.in_flight == 0


def test_the_age_of_what_is_delivered_counts_from_its_delivery(world: Supplied) -> None:
    """By the clock that was handed in."""
    world.now += 17
    world.hold(A, value("one"))
    answer = world.supply.cache.peek(A)
    assert answer is not None
    assert (answer.fetched_at, answer.expires_at) == (world.now, world.now + 300)

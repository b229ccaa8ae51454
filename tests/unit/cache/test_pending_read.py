"""A gathering: finished once, with everything that a response needs."""

from collections.abc import Callable, Iterable, Mapping

import pytest

from extension.cache.entry import Entry
from extension.cache.pending_read import LATE, PendingRead
from extension.cache.secret_store import SecretStore
from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found, Listing
from extension.sources.source import Source
from tests.fakes.supplied import Supplied, nobody, value

A, B = Parameter("/a"), Parameter("/b")
SLOW = Failed(Kind.TIMEOUT, "no answer")
Gathered = list[dict[Source, Found | Listing | Failed]]


@pytest.fixture
def world() -> Supplied:
    """A supply that holds nothing."""
    return Supplied()


def into(gathered: Gathered) -> Callable[[Mapping[Source, Entry]], None]:
    """Keeps the outcomes of each time that a gathering finishes."""
    return lambda answers: gathered.append(
        {source: answer.outcome for source, answer in answers.items()}
    )


def pending(
    store: SecretStore,
    sources: Iterable[Source],
    *,
    refresh: bool,
    finish: Callable[[Mapping[Source, Entry]], None],
) -> PendingRead:
    """A pending read that finishes at once, or later."""
    read = PendingRead(store, sources, refresh=refresh)
    if read.missing:
        read.finish = finish
    else:
        finish(read.entries)
    return read


def test_cached_entry_finishes_a_read_at_once(world: Supplied) -> None:
    """Nobody waits."""
    gathered: Gathered = []
    world.hold(A, value("a"))
    assert pending(world.supply, [A], refresh=False, finish=into(gathered)).missing == set()
    assert gathered == [{A: value("a")}]


def test_read_of_nothing_finishes_at_once(world: Supplied) -> None:
    """As when nothing is declared."""
    gathered: Gathered = []
    assert pending(world.supply, [], refresh=False, finish=into(gathered)).missing == set()
    assert gathered == [{}]


def test_a_pending_read_finishes_with_the_last_that_is_missing(world: Supplied) -> None:
    """One was held, one comes, then the other."""
    gathered: Gathered = []
    world.hold(B, value("b"))
    needed = [A, B, Parameter("/c")]
    gathering = pending(world.supply, needed, refresh=False, finish=into(gathered))
    fetched = {source: value(source.name) for source in world.fetching}
    while world.fetching:
        assert gathered == []
        assert gathering.missing
        world.deliver(fetched[world.fetching[0]])
    assert gathering.missing == set()
    assert gathered == [{**fetched, B: value("b")}]


def test_entry_needed_twice_is_fetched_once(world: Supplied) -> None:
    """Two aliases of one source."""
    gathered: Gathered = []
    pending(world.supply, [A, A], refresh=False, finish=into(gathered))
    assert world.fetching == [A]
    world.deliver(value("a"))
    assert gathered == [{A: value("a")}]


def test_given_up_what_is_missing_is_late(world: Supplied) -> None:
    """What is there is given."""
    gathered: Gathered = []
    world.hold(A, value("a"))
    gathering = pending(world.supply, [A, B], refresh=False, finish=into(gathered))
    gathering.give_up()
    assert gathering.missing == set()
    assert gathered == [{A: value("a"), B: LATE}]


def test_given_up_a_reader_gets_the_last_good_value_as_stale(world: Supplied) -> None:
    """As if the refresh had failed; who asked for a refresh is told that it is late."""
    read: Gathered = []
    refreshed: Gathered = []
    world.hold(A, value("a"))
    world.now += 300
    pending(world.supply, [A], refresh=False, finish=into(read)).give_up()
    pending(world.supply, [A], refresh=True, finish=into(refreshed)).give_up()
    assert (read, refreshed) == ([{A: value("a")}], [{A: LATE}])


def test_late_result_finishes_nothing_again(world: Supplied) -> None:
    """The reader has had its answer; the supply keeps the value for the next."""
    gathered: Gathered = []
    pending(world.supply, [A, B], refresh=False, finish=into(gathered)).give_up()
    while world.fetching:
        world.deliver(value("late"))
    assert len(gathered) == 1
    assert world.supply.read([A], nobody)


def test_a_refresh_tells_the_failure_rather_than_the_stale_value(world: Supplied) -> None:
    """Who asks for a refresh wants to know; who merely reads gets what there is."""
    refreshed: Gathered = []
    read: Gathered = []
    world.hold(A, value("a"))
    world.now += 300
    pending(world.supply, [A], refresh=True, finish=into(refreshed))
    pending(world.supply, [A], refresh=False, finish=into(read))
    world.deliver(SLOW)
    assert refreshed == [{A: SLOW}]
    assert read == [{A: value("a")}]


def test_a_refresh_gives_what_upstream_has(world: Supplied) -> None:
    """Whatever is held."""
    gathered: Gathered = []
    world.hold(A, value("old"))
    pending(world.supply, [A], refresh=True, finish=into(gathered))
    world.deliver(value("new"))
    assert gathered == [{A: value("new")}]

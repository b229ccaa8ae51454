"""The endpoint as the clock jumps: on over a freeze or a restore, back when it is set."""

import pytest

from extension.http.failure import Failed, Kind
from tests.fakes.served import Asked, Served
from tests.fakes.supplied import STALE, TTL, value

HOUR = 3600


@pytest.fixture
def world() -> Served:
    """An endpoint that has just been asked for a fresh value, so that the answer may be kept."""
    world = Served(A="/a")
    world.hold(world.sources[0], value("one"))
    assert read(world).answer.body == b"one"
    return world


def read(world: Served) -> Asked:
    """Ask for the value, by the same head each time."""
    return world.ask("/v1/secrets/A")


@pytest.mark.parametrize("hours", [1, 24, 24 * 365])
def test_a_read_after_hours_of_standing_still_waits_for_the_new_value(
    world: Served, hours: int
) -> None:
    """Though not a moment has passed for the process, and it had answered the same question."""
    world.now += hours * HOUR
    asked = read(world)
    assert asked.response is None
    world.deliver(value("two"))
    assert (asked.answer.body, asked.answer.fields.get("age")) == (b"two", "0")


def test_a_value_after_a_short_freeze_is_as_old_as_the_clock_says(world: Served) -> None:
    """Its age counts the freeze."""
    world.now += 100
    answer = read(world).answer
    assert answer.fields.get("age") == "100"
    assert answer.fields.get("cache-control") == f"private, max-age={TTL}"


def test_a_freeze_counts_towards_the_time_for_which_a_stale_value_serves(world: Served) -> None:
    """What was fetched before a long one is not served because upstream fails after it."""
    world.now += TTL + STALE
    asked = read(world)
    assert asked.response is None
    world.deliver(Failed(Kind.UNREACHABLE, "nobody is there"))
    assert asked.answer.status == 502


@pytest.mark.parametrize("hours", [1, 24 * 365])
def test_a_clock_that_is_set_back_makes_a_value_no_younger_than_new(
    world: Served, hours: int
) -> None:
    """It is served, with age zero and the whole of its TTL."""
    world.now -= hours * HOUR
    answer = read(world).answer
    assert (answer.body, answer.fields.get("age")) == (b"one", "0")
    assert answer.fields.get("cache-control") == f"private, max-age={TTL}"

"""Entries: how fresh they are, by the borders of the table in the README."""

from math import inf, nextafter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.cache.entry import DUE, Entry, spread
from tests.fakes.supplied import value

moments = st.floats(0, 4e9)


def entry(ttl: float, fetched_at: float = 0.0, due: float = DUE) -> Entry:
    """What is held of a value."""
    return Entry.of(value("v"), fetched_at, fetched_at + ttl, due)


def just_under(seconds: float) -> float:
    """The moment before."""
    return nextafter(seconds, -inf)


@pytest.mark.parametrize(
    ("seconds", "freshness"),
    [
        (0, "fresh"),
        (just_under(240), "fresh"),
        (240, "due"),
        (just_under(300), "due"),
        (300, "expired"),
        (1e9, "expired"),
    ],
)
def test_a_value_is_due_at_80_percent_of_its_ttl_and_expired_at_all_of_it(
    seconds: float, freshness: str
) -> None:
    """Here with a TTL of 300 seconds."""
    assert entry(300).freshness(seconds) == freshness


@pytest.mark.parametrize("seconds", [0, 1e-9, 1, 1e9])
def test_ttl_of_zero_makes_no_entry_fresh(seconds: float) -> None:
    """Every read goes upstream."""
    assert entry(0).freshness(seconds) == "expired"


@given(moments, moments)
def test_a_clock_that_jumps_back_makes_nothing_younger_than_zero(
    fetched_at: float, now: float
) -> None:
    """Age is wall-clock time, which an environment that thaws may see jump either way."""
    assert entry(300, fetched_at).age(now) == (now - fetched_at if now > fetched_at else 0)


@given(st.floats(0, 1), st.integers(1, 604800))
def test_a_value_is_due_at_its_own_part_of_the_ttl(chance: float, ttl: int) -> None:
    """That is 80 percent, and up to a tenth of it more or less."""
    due = spread(chance)
    assert 0.72 * ttl <= due * ttl <= 0.88 * ttl + 1e-9
    assert entry(ttl, due=due).freshness(just_under(due * ttl)) == "fresh"
    assert entry(ttl, due=due).freshness(due * ttl) == "due"


def test_chance_spreads_refreshes_evenly() -> None:
    """From 72 to 88 percent."""
    assert [spread(chance) for chance in (0.0, 0.5, 1.0)] == pytest.approx([0.72, 0.8, 0.88])


@pytest.mark.parametrize(("seconds", "serves"), [(just_under(3900), True), (3900, False)])
def test_a_value_may_serve_as_stale_for_so_long_past_its_ttl(seconds: float, serves: bool) -> None:
    """Here for an hour past five minutes."""
    assert entry(300).may_serve_stale(seconds, 3600) is serves


@pytest.mark.parametrize(("seconds", "serves"), [(0, True), (299, True), (300, False)])
def test_stale_if_error_may_be_zero(seconds: float, serves: bool) -> None:
    """Then a value serves no longer than it is good."""
    assert entry(300).may_serve_stale(seconds, 0) is serves

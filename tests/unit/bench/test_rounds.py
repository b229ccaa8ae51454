"""Rounds: in turns, the first for nothing."""

import io
from collections.abc import Iterator

from rich.console import Console

from tests.bench.rounds import left, run, turned


def test_each_round_begins_with_another_one() -> None:
    """And everyone has a turn in each."""
    assert [turned("abc", number) for number in range(4)] == [
        ["a", "b", "c"],
        ["b", "c", "a"],
        ["c", "a", "b"],
        ["a", "b", "c"],
    ]


def test_every_contender_has_a_turn() -> None:
    """As where nothing could be built."""
    assert turned([], 3) == []


def test_the_first_round_does_not_count() -> None:
    """It comes on top of those that do."""
    rounds = []

    def measure(number: int, keep: bool) -> Iterator[str]:
        rounds.append((number, keep))
        yield "something"

    run(Console(file=io.StringIO()), 2, measure)
    assert rounds == [(0, False), (1, True), (2, True)]


def test_round_has_a_line_of_its_own_without_a_terminal() -> None:
    """So that a log shows how far it is."""
    shown = io.StringIO()
    run(Console(file=shown, width=100), 2, lambda *_: iter(()))
    first, second, last = shown.getvalue().splitlines()
    assert first.startswith("The round that does not count is over")
    assert second.startswith("Round 1 of 2 is over")
    assert last.startswith("All 2 rounds took")


def test_remaining_time_is_estimated_from_the_rounds_so_far() -> None:
    """Twenty rounds of half a minute take ten minutes."""
    assert "10.0 minutes to go" in left(0, 20, so_far=30)
    assert "5.0 minutes to go" in left(10, 20, so_far=330)

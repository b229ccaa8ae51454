"""Rounds: everything measured in turns, so that what disturbs one disturbs all."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

Item = TypeVar("Item")
Measure = Callable[[int, bool], Iterator[str]]
"""Measures everything once: takes the round's number and whether it counts, and yields what comes
next."""


def turned(items: Sequence[Item], number: int) -> list[Item]:
    """All items, each round beginning with another one."""
    first = number % len(items) if items else 0
    return [*items[first:], *items[:first]]


def run(console: Console, rounds: int, measure: Measure) -> None:
    """Measure so many rounds, and one before them that does not count: it warms everything up.

    Args:
        console: Where to show how far it is; without a terminal there is a line for each round.
        rounds: How many count.
        measure: What measures one.
    """
    began = time.monotonic()
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=1 + rounds)
        for number in range(1 + rounds):
            for step in measure(number, number > 0):
                progress.update(task, description=f"round {number} of {rounds}: {step}")
            progress.advance(task)
            if number == 0 or not console.is_terminal:
                so_far = time.monotonic() - began
                console.print(left(number, rounds, so_far), highlight=False)


def left(number: int, rounds: int, so_far: float) -> str:
    """How long the rest will take.

    Args:
        number: The round that is over.
        rounds: How many rounds count.
        so_far: How long all that are over took, in seconds.
    """
    each = so_far / (1 + number)
    rest = (rounds - number) * each
    if not rest:
        return f"All {rounds} rounds took {so_far / 60:.1f} minutes."
    end = datetime.now(UTC) + timedelta(seconds=rest)
    done = f"Round {number} of {rounds}" if number else "The round that does not count"
    return f"{done} is over; {rest / 60:.1f} minutes to go, until {end:%H:%M} UTC."

"""Happy Eyeballs (RFC 8305): attempts to connect that begin one after another and run side by side.

What a host's addresses say nothing about is waited for no longer than a quarter of a second before
the next one is tried too; the first attempt that succeeds wins, and the others are given up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from .channel import Ready, Result, Task, Wait

DELAY = 0.25
"""Seconds from one attempt to the next (RFC 8305 §5)."""


def first_to_succeed(attempts: Iterable[Task[Result]], clock: Callable[[], float]) -> Task[Result]:
    """The steps of a race.

    Args:
        attempts: at least one, in their order; each begins as soon as one before it has failed.
        clock: the time, in seconds, by which `Wait.until` goes.

    Returns:
        What the first attempt that succeeds returns.

    Raises:
        OSError: every attempt has failed; it is what the first one that did so has raised.
    """
    running: dict[Task[Result], Wait] = {}
    problems: list[OSError] = []
    try:
        for begun in chain(attempts, [None]):  # None: there is no other to begin
            due = math.inf if begun is None else clock() + DELAY
            turns: dict[Task[Result], Ready | None] = {} if begun is None else {begun: None}
            while turns or running:
                failures = len(problems)
                for attempt, ready in turns.items():
                    try:
                        running[attempt] = next(attempt) if ready is None else attempt.send(ready)
                    except StopIteration as end:
                        result: Result = end.value
                        return result
                    except OSError as problem:
                        problems.append(problem)
                if due <= clock() or (begun and len(problems) > failures) or not running:
                    break
                came = yield _either(running, due)
                now = clock()
                turns = {each: came for each, wait in running.items() if wait.is_over(came, now)}
                for attempt in turns:
                    del running[attempt]
        raise problems[0]
    finally:
        for attempt in running:
            attempt.close()


def _either(running: Mapping[Task[Result], Wait], due: float) -> Wait:
    """Wait for what any of them waits for."""
    events = {each: event for wait in running.values() for each, event in wait.events.items()}
    return Wait(events, min(due, *(wait.until for wait in running.values())))

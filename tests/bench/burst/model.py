"""A burst in a model: the waits of the daemon, with jitter and without, in time that is counted."""

import heapq
import random
from collections.abc import Callable

from extension.aws import retry
from tests.fakes.quota import Quota

_CALL = 0.01
"""Seconds from a call to its answer."""


def burst(starts: int, rate: float, held: int, fraction: Callable[[], float]) -> list[float]:
    """When each of so many starts, all at one instant, has its secrets in hand.

    Args:
        starts: How many.
        rate: Calls a second that the quota lets through.
        held: How many at once, at first.
        fraction: What `retry.delay` is given as a random number.

    Returns:
        Seconds, ascending.
    """
    now = 0.0
    quota = Quota(rate, held, clock=lambda: now)
    calls = [(0.0, 0)] * starts
    served: list[float] = []
    while calls:
        now, attempt = heapq.heappop(calls)
        answered = now + _CALL
        if quota.take():
            served.append(answered)
        else:
            again = answered + retry.delay(attempt, fraction())
            heapq.heappush(calls, (again, attempt + 1))
    return served


def with_jitter(seed: int) -> Callable[[], float]:
    """What the daemon takes: any fraction, each as likely."""
    return random.Random(seed).random  # noqa: S311 - to be the same in each run


def without_jitter() -> float:
    """The whole wait, always: those who were refused together come back together."""
    return 1.0

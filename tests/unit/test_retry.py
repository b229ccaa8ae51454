"""Waiting before the next attempt."""

import heapq
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.aws.fetcher import PATIENT
from extension.aws.retry import delay
from tests.fakes.quota import Quota

PATIENCE = PATIENT * 2.0  # seconds, with the default timeout of an attempt
fractions = st.floats(0, 1)


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.seconds


@pytest.mark.parametrize(
    ("attempt", "longest"), [(0, 0.1), (1, 0.2), (2, 0.4), (4, 1.6), (5, 2.0), (10_000, 2.0)]
)
def test_the_longest_wait_doubles_up_to_two_seconds(attempt: int, longest: float) -> None:
    """However many attempts there were."""
    assert delay(attempt, 1.0) == longest


@given(st.integers(0, 1000), fractions, fractions)
def test_the_jitter_is_full(attempt: int, one: float, other: float) -> None:
    """Any wait from nothing to the longest is as likely, so that a crowd spreads out."""
    assert delay(attempt, 0.0) == 0.0
    assert delay(attempt, one) == one * delay(attempt, 1.0)
    assert (delay(attempt, one) <= delay(attempt, other)) == (one <= other)


def crowd(starts: int, quota: Quota, now: Clock, seed: int) -> tuple[list[float], int]:
    """Let so many begin at one instant, each until it succeeds or its patience ends.

    Returns:
        When each was done, in seconds; and how many gave up.
    """
    jitter = random.Random(seed)  # noqa: S311 - a simulation, the same each time
    attempts = [(0.0, number, 0) for number in range(starts)]
    done: list[float] = []
    gave_up = 0
    while attempts:
        now.seconds, number, failed = heapq.heappop(attempts)
        if quota.take():
            done.append(now.seconds)
            continue
        again = now.seconds + delay(failed, jitter.random())
        if again < PATIENCE:
            heapq.heappush(attempts, (again, number, failed + 1))
        else:
            gave_up += 1
    return done, gave_up


@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_cold_starts_at_one_instant_all_succeed(seed: int) -> None:
    """Against 40 calls a second for all of them; none needs all of its patience."""
    now = Clock()
    done, gave_up = crowd(200, Quota(40, 40, now), now, seed)
    assert (len(done), gave_up) == (200, 0)
    assert max(done) < 8


def test_a_crowd_leaves_little_of_the_quota_unused() -> None:
    """160 that were throttled need 4 seconds; it takes them hardly longer."""
    lasts = []
    for seed in range(20):
        now = Clock()
        lasts.append(max(crowd(200, Quota(40, 40, now), now, seed)[0]))
    assert statistics.median(lasts) < 6

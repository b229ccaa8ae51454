"""Waiting before the next attempt."""

import heapq
import random
import statistics

import pytest
from botocore.retries.quota import RetryQuota as BotocoreQuota
from botocore.retries.standard import RetryQuotaChecker
from hypothesis import given
from hypothesis import strategies as st

from extension.aws import retry
from extension.aws.fetcher import PATIENT_ATTEMPTS
from extension.aws.retry import RetryQuota, delay
from extension.http.failure import Failed, Kind
from tests.fakes.quota import Quota

PATIENCE = PATIENT_ATTEMPTS * 2.0  # seconds, with the default timeout of an attempt
fractions = st.floats(0, 1)
THROTTLED, BROKEN = Failed(Kind.THROTTLED, "Rate exceeded"), Failed(Kind.INVALID, "no JSON")


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.seconds


@pytest.mark.parametrize(
    ("failures", "longest"), [(0, 0.1), (1, 0.4), (2, 1.6), (3, 3.0), (10_000, 3.0)]
)
def test_the_longest_wait_grows_fourfold_up_to_three_seconds(failures: int, longest: float) -> None:
    """However many attempts there were."""
    assert delay(failures, 1.0) == longest


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


def test_the_quota_is_that_of_the_sdks() -> None:
    """In their standard mode; these are the facts of the version that is locked here."""
    facts = vars(RetryQuotaChecker)
    assert retry.CAPACITY == BotocoreQuota.INITIAL_CAPACITY
    assert facts["_RETRY_COST"] == retry.COST
    assert facts["_THROTTLING_RETRY_COST"] == retry.THROTTLED_COST
    assert facts["_NO_RETRY_INCREMENT"] == retry.GAIN


def retries(quota: RetryQuota, failed: Failed, *, declared: bool) -> int:
    """How many retries a quota pays for, until it pays for none."""
    count = 0
    while quota.take(failed, declared=declared):
        count += 1
    return count


@pytest.mark.parametrize(("failed", "cost"), [(THROTTLED, 5), (BROKEN, 14)])
def test_the_quota_ends_an_outage_s_retries(failed: Failed, cost: int) -> None:
    """What is not declared leaves half of it to what is."""
    quota = RetryQuota()
    undeclared = retries(quota, failed, declared=False)
    assert undeclared == 250 // cost
    assert undeclared + retries(quota, failed, declared=True) == 500 // cost


def test_a_retry_that_succeeds_gives_back_what_it_took() -> None:
    """So many calls that need one each do not use it up."""
    quota = RetryQuota()
    for _ in range(1000):
        taken = quota.take(BROKEN, declared=False)
        assert taken
        quota.give_back(taken)


def test_successes_refill_the_quota_up_to_its_capacity() -> None:
    """One token each."""
    quota = RetryQuota()
    retries(quota, THROTTLED, declared=True)
    for _ in range(4):
        quota.give_back(0)
    assert not quota.take(THROTTLED, declared=True)
    quota.give_back(0)
    assert quota.take(THROTTLED, declared=True) == 5
    for _ in range(2000):
        quota.give_back(0)
    assert retries(quota, THROTTLED, declared=True) == 100

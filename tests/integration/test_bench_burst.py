"""The benchmark of bursts runs, with fewer starts and a smaller quota than when it measures."""

import itertools
import time
from collections.abc import Callable

from tests.bench.burst.run import burst
from tests.fakes.quota import Quota

AT_ONCE = 4


def clock() -> Callable[[], float]:
    """One that stands still until a call is refused, however far apart the starts' calls are."""
    began, still = time.monotonic(), itertools.repeat(0.0, 1 + AT_ONCE + 1)
    return lambda: next(still, time.monotonic() - began)


def test_every_start_of_a_burst_gets_its_secret() -> None:
    """Also those that were throttled, by calls of their own."""
    outcome = burst(8, Quota(rate=4, burst=AT_ONCE, clock=clock()))
    assert len(outcome.times) == outcome.starts == 8, outcome.said
    assert outcome.throttled > 0
    assert outcome.calls == 8 + outcome.throttled

"""The benchmark of bursts runs, with fewer starts and a smaller quota than when it measures."""

from tests.bench.burst.run import burst
from tests.fakes.quota import Quota, clock_of_a_burst

AT_ONCE = 4


def test_every_start_of_a_burst_gets_its_secret() -> None:
    """Also those that were throttled, by calls of their own."""
    outcome = burst(8, Quota(rate=4, burst=AT_ONCE, clock=clock_of_a_burst(AT_ONCE)))
    assert len(outcome.times) == outcome.starts == 8, outcome.said
    assert outcome.throttled > 0
    assert outcome.calls == 8 + outcome.throttled

"""When a call is tried again: after which wait, and out of which budget.

Exponential backoff with full jitter, so that a burst of cold starts that was throttled together
does not come back together; and a budget for each service, as in the SDKs' standard mode, so that
an outage is not met with more calls than there would be without it.
A response's `Retry-After` is ignored, as in botocore: neither service is known to send it.
https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

from ..http.failure import Failed, Kind

_FIRST = 0.1  # seconds
_FACTOR = 4.0
_LONGEST = 3.0
# Those of botocore's standard mode (botocore/retries/quota.py, standard.py).
CAPACITY = 500
COST = 14
THROTTLED_COST = 5
GAIN = 1


def delay(failures: int, fraction: float) -> float:
    """The wait after a failed attempt, in seconds.

    Args:
        failures: how many attempts failed before this one.
        fraction: a random number from 0 to 1.
    """
    ceiling = min(_LONGEST, _FIRST * _FACTOR ** min(failures, 16))
    return fraction * ceiling


class RetryQuota:
    """A token bucket that retries draw on and successes refill.

    What is not declared may use up half of it: so it leaves retries to what is.
    """

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = CAPACITY

    def take(self, failed: Failed, *, declared: bool) -> int:
        """Pay for a retry.

        Args:
            failed: what is tried again.
            declared: whether it is a declared secret.

        Returns:
            The tokens taken; 0 where there are too few, and nothing is tried again.
        """
        cost = THROTTLED_COST if failed.kind is Kind.THROTTLED else COST
        if self._left - cost < (0 if declared else CAPACITY // 2):
            return 0
        self._left -= cost
        return cost

    def give_back(self, taken: int) -> None:
        """Refill for a success.

        Args:
            taken: what its last retry took; 0 where it was no retry.
        """
        self._left = min(CAPACITY, self._left + (taken or GAIN))

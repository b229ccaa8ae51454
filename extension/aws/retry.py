"""How long to wait before a call is tried again.

Exponential backoff with full jitter, so that a burst of cold starts that was throttled together
does not come back together.
https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
"""

from __future__ import annotations

_FIRST = 0.1  # seconds
_LONGEST = 2.0


def delay(attempt: int, fraction: float) -> float:
    """The wait after a failed attempt, in seconds.

    Args:
        attempt: how many attempts failed before this one.
        fraction: a random number from 0 to 1.
    """
    ceiling = min(_LONGEST, _FIRST * 2.0 ** min(attempt, 16))
    return fraction * ceiling

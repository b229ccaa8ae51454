"""A token bucket, as AWS throttles an account's calls."""

import itertools
import threading
import time
from collections.abc import Callable


class Quota:
    """Lets `burst` calls through at once, and `rate` a second after that. Thread-safe.

    Args:
        rate: Calls a second; Parameter Store's default quota is 40.
        burst: Calls that a full bucket holds.
        clock: Seconds, monotonic.

    Attributes:
        refused: How many calls were refused so far.
    """

    def __init__(
        self, rate: float = 40.0, burst: int = 40, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens = float(burst)
        self._filled = clock()
        self.refused = 0

    def take(self) -> bool:
        """Whether one more call may pass now."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
            self._filled = now
            if self._tokens < 1:
                self.refused += 1
                return False
            self._tokens -= 1
            return True


def clock_of_a_burst(burst: int) -> Callable[[], float]:
    """A quota's clock that stands still until it refuses a call, however far apart they come."""
    began, still = time.monotonic(), itertools.repeat(0.0, 1 + burst + 1)
    return lambda: next(still, time.monotonic() - began)

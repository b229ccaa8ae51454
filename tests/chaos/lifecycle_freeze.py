"""Freezes of hours and the thaw after them, and clocks that jump."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.lifecycle_clock import movable, move_clock
from tests.chaos.lifecycle_world import KEY, KeyWorld, answered
from tests.chaos.world import SHORT_PREFETCH, VALUE
from tests.fakes.faults import ANY, Hold
from tests.fakes.http_service import Delivery

_HOUR = 3600  # seconds; a last good value serves for one
_ROTATED = "canary-2"
_SOON_GIVEN_UP = {"WARMKEY_UPSTREAM_TIMEOUT_MILLIS": "200"}


class _Clock:
    """AWS's clock, which goes on while the daemon stands still.

    Attributes:
        ahead: By how many seconds it is ahead of the machine's.
    """

    def __init__(self) -> None:
        self.ahead = 0

    def now(self) -> float:
        """The time, in seconds since the epoch."""
        return time.time() + self.ahead


class _FrozenWorld(KeyWorld):
    """A world in which the daemon can be frozen for hours."""

    def __init__(self) -> None:
        self._time = _Clock()
        super().__init__(self._time.now)

    @contextmanager
    def frozen(self, seconds: int) -> Iterator[None]:
        """Freeze the daemon; when the block ends, it goes on, so many seconds later."""
        pid = self.daemon.process.pid
        os.kill(pid, signal.SIGSTOP)
        os.waitid(os.P_PID, pid, os.WSTOPPED)
        self._time.ahead += seconds
        move_clock(pid, self._time.ahead)
        yield
        os.kill(pid, signal.SIGCONT)

    def rotate(self) -> None:
        """Give the secret a new value, and hang up on the daemon."""
        self.aws.parameters.put("/key", _ROTATED)
        self.aws.drop_connections()


def _as_far_as_possible(attempt: Callable[[_FrozenWorld, Path], str]) -> Callable[[Path], str]:
    def attempted(layer: Path) -> str:
        if not movable():
            return "not tried: a process's clock is moved as root, on x86_64"
        with _FrozenWorld() as here:
            return attempt(here, layer)

    return attempted


def _rotated_meanwhile(here: _FrozenWorld, layer: Path) -> str:
    here.start(layer).ready().serves()
    with here.frozen(4 * _HOUR):
        here.rotate()
    answer = here.daemon.get(KEY)
    assert (answer.text, answer.headers["Age"]) == (_ROTATED, "0")
    assert here.daemon.status()["counters"]["upstreamErrors"] == 0
    return "the new value"


def _unreachable_after(here: _FrozenWorld, layer: Path, seconds: int) -> int:
    here.start(layer, _SOON_GIVEN_UP).ready().serves()
    with here.frozen(seconds):
        here.aws.faults.always(ANY, Delivery.RESET)
        here.aws.drop_connections()
    answer = here.daemon.get(KEY)
    assert (answer.headers.get("Warmkey-State") == "stale") == (answer.status_code == 200)
    here.aws.faults.clear()
    assert here.comes_to_answer(KEY) == VALUE
    return answer.status_code


def _unreachable_after_hours(here: _FrozenWorld, layer: Path) -> str:
    status = _unreachable_after(here, layer, 4 * _HOUR)
    assert status in (502, 504)  # 504 where the machine was too busy to reset in time
    return f"{status}, not a value of four hours ago; then the value"


def _unreachable_after_minutes(here: _FrozenWorld, layer: Path) -> str:
    assert _unreachable_after(here, layer, _HOUR // 2) == 200
    return "the last value, called stale; then the value"


def _call_under_way(here: _FrozenWorld, layer: Path) -> str:
    upstream = threading.Event()
    here.start(layer).ready()
    here.aws.faults.once(ANY, Hold(upstream))
    with here.waiting() as client:
        with here.frozen(4 * _HOUR):
            upstream.set()
            here.rotate()
        answered(client, _ROTATED)
    return "the new value"


def _prefetch_under_way(here: _FrozenWorld, layer: Path) -> str:
    """As with provisioned concurrency, which may freeze what has asked for its next event."""
    upstream = here.held()
    here.start(layer, SHORT_PREFETCH).ready()
    with here.frozen(4 * _HOUR):
        here.aws.faults.clear()
        upstream.set()
        here.rotate()
    assert here.daemon.read("KEY") == _ROTATED
    return "the new value"


def _clock_jumps_back(here: _FrozenWorld, layer: Path) -> str:
    here.start(layer).ready()
    with here.frozen(-4 * _HOUR):
        pass
    assert here.daemon.get(KEY).headers["Age"] == "0"
    return here.serves()


def _longer_than_a_value_lives(layer: Path) -> str:
    """In real time, on any machine."""
    with KeyWorld() as here:
        here.start(layer, {"WARMKEY_TTL": "1"}).ready()
        here.daemon.process.send_signal(signal.SIGSTOP)
        here.aws.parameters.put("/key", _ROTATED)
        here.aws.drop_connections()
        time.sleep(1.1)  # what is tried is that so much time passes
        here.daemon.process.send_signal(signal.SIGCONT)
        return here.serves(_ROTATED)


CASES = [
    Case("frozen for 4 h; rotated and hung up on", _as_far_as_possible(_rotated_meanwhile)),
    Case("frozen for 4 h; AWS unreachable after", _as_far_as_possible(_unreachable_after_hours)),
    Case("frozen for ½ h; AWS unreachable after", _as_far_as_possible(_unreachable_after_minutes)),
    Case("frozen for 4 h during a call", _as_far_as_possible(_call_under_way)),
    Case("frozen for 4 h during the prefetch", _as_far_as_possible(_prefetch_under_way)),
    Case("clock jumps back by 4 h", _as_far_as_possible(_clock_jumps_back)),
    Case("frozen for longer than a value lives", _longer_than_a_value_lives, tries=5),
]

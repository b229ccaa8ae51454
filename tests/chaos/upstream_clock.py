"""Clocks that jump, the daemon's alone or everybody's."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.lifecycle_clock import movable, move_clock
from tests.chaos.upstream_world import Upstream
from tests.fakes.aws import FakeAws

_HOURS = 4 * 3600  # seconds
_TTL = 1  # seconds


class _Clocks:
    """AWS's clock, and that of the daemon."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """AWS's time, in seconds since the epoch."""
        return time.time() + self._ahead

    def jump(self, world: Upstream, seconds: int) -> None:
        """Move both, from the machine's own time."""
        self._ahead = seconds
        self.jump_alone(world, seconds)

    def jump_alone(self, world: Upstream, seconds: int) -> None:
        """Move the daemon's, which stands still for that moment."""
        pid = world.daemon.process.pid
        os.kill(pid, signal.SIGSTOP)
        os.waitid(os.P_PID, pid, os.WSTOPPED)
        move_clock(pid, seconds)
        os.kill(pid, signal.SIGCONT)


def _with_clocks(attempt: Callable[[Upstream, _Clocks, Path], str]) -> Callable[[Path], str]:
    def attempted(layer: Path) -> str:
        if not movable():
            return "not tried: a process's clock is moved as root, on x86_64"
        clocks = _Clocks()
        with Upstream(FakeAws(clock=clocks.now)) as world:
            return attempt(world, clocks, layer)

    return attempted


def _rotated_after(seconds: int) -> Callable[[Path], str]:
    """The clock jumps, and then the secrets are rotated."""

    def attempt(world: Upstream, clocks: _Clocks, layer: Path) -> str:
        world.start(layer, {"WARMKEY_TTL": str(_TTL)}).comes_to_serve(1)
        clocks.jump(world, seconds)
        world.rotate()
        return world.comes_to_serve(2)

    return _with_clocks(attempt)


def _wrong(seconds: int) -> Callable[[Path], str]:
    """The daemon's clock is wrong for a while: AWS takes only signatures of its own time."""

    def attempt(world: Upstream, clocks: _Clocks, layer: Path) -> str:
        world.start(layer).comes_to_serve(1)
        clocks.jump_alone(world, seconds)
        world.rotate()
        world.comes_to_serve(2)
        clocks.jump_alone(world, 0)
        world.rotate()
        return world.comes_to_serve(3)

    return _with_clocks(attempt)


CASES = [
    Case("clocks jump 4 h forwards, and a secret rotates", _rotated_after(_HOURS)),
    Case("clocks jump 4 h back, and a secret rotates", _rotated_after(-_HOURS), tries=5),
    Case("the daemon's clock is 4 h ahead of AWS's", _wrong(_HOURS)),
    Case("the daemon's clock is 4 h behind AWS's", _wrong(-_HOURS)),
]

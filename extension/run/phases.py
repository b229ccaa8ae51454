"""The phases of a start and when each was over, which show what makes a start slow.

Any thread may mark a phase, as that is one write to a dictionary; readers copy it first.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NOTED_BY_LAUNCHER = {"bound": "WARMKEY_BOUND_AT", "registering": "WARMKEY_REGISTERING_AT"}
_MOST_CALLS = 64  # are noted: those of the start, not of the whole life


class CallPhases:
    """The phases of one call upstream.

    They are `began`, `signed`, `resolved`, `connected`, `secured` (TLS), `sent`, `received`; those
    of opening a connection are absent where one was open already.

    Args:
        service: `ssm` or `secretsmanager`.
        action: such as `GetParameters`.
        elapsed: gives the time since the start began, in ms.

    Attributes:
        moments: when each was over, in ms since the start began.
        status: the HTTP status of the answer, or None while there is none.
    """

    __slots__ = ("_elapsed", "action", "moments", "service", "status")

    def __init__(self, service: str, action: str, elapsed: Callable[[], float]) -> None:
        self.service = service
        self.action = action
        self.status: int | None = None
        self._elapsed = elapsed
        self.moments = {"began": elapsed()}

    def mark(self, phase: str) -> None:
        """Note that a phase is over."""
        self.moments[phase] = self._elapsed()

    def answered(self, status: int) -> None:
        """Note that the answer has come, with its HTTP status."""
        self.mark("received")
        self.status = status


class Phases:
    """The phases of a start.

    Args:
        clock: the time, in seconds of a clock that never jumps.
        started_at: when the start began, in seconds since the epoch.

    Attributes:
        calls: the first calls upstream.
        moments: when each phase was over, in ms since the start began.
        started_at: when that was, in seconds since the epoch.
    """

    __slots__ = ("_began", "_clock", "calls", "moments", "started_at")

    def __init__(self, clock: Callable[[], float], started_at: float) -> None:
        self._clock = clock
        self._began = clock()
        self.started_at = started_at
        self.moments: dict[str, float] = {}
        self.calls: list[CallPhases] = []

    def take_over(self, environ: Mapping[str, str]) -> None:
        """Count from when the launcher began, and take over the moments that it noted.

        Args:
            environ: the environment; the moments in it are in nanoseconds of `clock`.
        """
        began = _noted(environ, "WARMKEY_BEGAN_AT")
        if began is None or began / 1e9 > self._began:
            return
        self.started_at -= self._began - began / 1e9
        self._began = began / 1e9
        for phase, name in _NOTED_BY_LAUNCHER.items():
            noted = _noted(environ, name)
            if noted is not None:
                self.moments[phase] = (noted - began) / 1e6

    def elapsed(self) -> float:
        """The time since the start began, in ms."""
        return (self._clock() - self._began) * 1000

    def mark(self, phase: str) -> None:
        """Note that a phase is over; the first time counts."""
        self.moments.setdefault(phase, self.elapsed())

    def call(self, service: str, action: str) -> CallPhases:
        """Note that a call upstream begins; see `CallPhases`."""
        call = CallPhases(service, action, self.elapsed)
        if len(self.calls) < _MOST_CALLS:
            self.calls.append(call)
        return call


def _noted(environ: Mapping[str, str], name: str) -> int | None:
    """A moment in nanoseconds, or None where the launcher did not write it."""
    text = environ.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None

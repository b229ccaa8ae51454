"""The phases of a start and when each was over, which show what makes a start slow.

Any thread may mark a phase, as that is one write to a dictionary; who reads them copies it first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...aws.client.call_phases import CallPhases

_MOST_CALLS = 64  # are noted: those of the start, not of the whole life


class Phases:
    """The phases of a start.

    Args:
        clock: the time, in seconds of a clock that never jumps.
        started_at: when the start began, in seconds since the epoch.
        trace: takes a message about a call upstream, and its fields; None for no traces.

    Attributes:
        moments: when each phase was over, in ms since the start began.
        started_at: when that was, in seconds since the epoch.
    """

    __slots__ = ("_began", "_calls", "_clock", "_trace", "moments", "started_at")

    def __init__(
        self, clock: Callable[[], float], started_at: float, trace: Callable[..., None] | None
    ) -> None:
        self._clock = clock
        self._trace = trace
        self._began = clock()
        self.started_at = started_at
        self.moments: dict[str, float] = {}
        self._calls: list[CallPhases] = []

    def resume_from_launcher(self, moments: Mapping[str, int]) -> None:
        """Count from when the launcher began, and take over the moments that it noted.

        Args:
            moments: its phases, in nanoseconds of `clock`; `began` is the first.
        """
        began = moments.get("began")
        if began is None or began / 1e9 > self._began:
            return
        self.started_at -= self._began - began / 1e9
        self._began = began / 1e9
        for phase, moment in moments.items():
            if phase != "began":
                self.moments[phase] = (moment - began) / 1e6

    def elapsed(self) -> float:
        """The time since the start began, in ms."""
        return (self._clock() - self._began) * 1000

    def mark(self, phase: str) -> None:
        """Note that a phase is over; the first time counts."""
        self.moments.setdefault(phase, self.elapsed())

    def call(self, service: str, action: str) -> CallPhases:
        """Note that a call upstream begins; see `CallPhases`."""
        call = CallPhases(service, action, self._clock, self._began, self._trace)
        if len(self._calls) < _MOST_CALLS:
            self._calls.append(call)
        return call

    def report(self) -> dict[str, object]:
        """What the status tells of the start; moments in ms."""
        return {
            "startedAt": round(self.started_at, 6),
            "phases": _rounded(self.moments),
            "calls": [
                {
                    "service": call.service,
                    "action": call.action,
                    "status": call.status,
                    "phases": _rounded(call.moments),
                }
                for call in list(self._calls)
            ],
        }


def _rounded(moments: Mapping[str, float]) -> dict[str, float]:
    """Copied first, as another thread may be noting one."""
    return {name: round(moment, 2) for name, moment in dict(moments).items()}

"""The phases of one call upstream, which show where its time goes."""

from __future__ import annotations

from collections.abc import Callable


class CallPhases:
    """The phases of one call upstream.

    They are `began`, `signed`, `resolved`, `connected`, `secured` (TLS), `sent`, `received`; those
    of opening a connection are absent where one was open already.

    A call is traced, too: started, complete or failed, with the times of its phases.

    Args:
        service: `ssm` or `secretsmanager`.
        action: such as `GetParameters`.
        clock: the time, in seconds of a clock that never jumps.
        start: when the start began, likewise.
        trace: takes a message and its fields; None where nothing is traced.

    Attributes:
        moments: when each was over, in ms since the start began.
        status: the HTTP status of the response, or None while there is none.
    """

    __slots__ = ("_clock", "_start", "_trace", "action", "moments", "service", "status")

    def __init__(
        self,
        service: str,
        action: str,
        clock: Callable[[], float],
        start: float,
        trace: Callable[..., None] | None,
    ) -> None:
        self.service = service
        self.action = action
        self.status: int | None = None
        self._clock = clock
        self._start = start
        self._trace = trace
        self.moments: dict[str, float] = {}
        self.mark("began")
        if trace:
            trace("a call has started", service=service, action=action)

    def mark(self, phase: str) -> None:
        """Note that a phase is over."""
        self.moments[phase] = (self._clock() - self._start) * 1000

    def answered(self, status: int) -> None:
        """Note that the response has come, with its HTTP status."""
        self.mark("received")
        self.status = status
        if self._trace:
            self._trace("a call is complete", **self._about(), status=status)

    def failed(self, reason: str) -> None:
        """Note that no response will come, and why."""
        if self._trace:
            self._trace("a call has failed", **self._about(), reason=reason)

    def _about(self) -> dict[str, object]:
        """Which call it is, and how many ms after it had begun each phase was over."""
        began = self.moments["began"]
        after = {name: round(moment - began, 2) for name, moment in self.moments.items()}
        return {"service": self.service, "action": self.action, "phases": after}

"""The phases of one call upstream, which show where its time goes."""

from __future__ import annotations

from collections.abc import Callable


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

"""Interruption: Ctrl-C and its like end a bench at once, but never between two halves of a step.

What is changed in somebody's account is to be put back by whatever way a bench ends. So a signal
ends it only where it is listened for: not while something is being changed, before it is known
whether that was done, and not while it is being put back, where a second one does.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

# Windows has no SIGHUP.
_SIGNALS = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]


class Interrupted(KeyboardInterrupt):
    """Somebody wants this to end; click answers it as it does Ctrl-C."""


class Interruption:
    """Takes signals, for `with`, on the main thread.

    Args:
        tell: Says something to whoever waits.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._before: dict[int, Any] = {}
        self._listening = False
        self._deferring = 0
        self._waits = False  # a signal that came while nobody listened
        self._is_over = False
        self._came_since = 0  # it is over

    def __enter__(self) -> "Interruption":
        self._before = {number: signal.signal(number, self._arrive) for number in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Let a signal end what is done here. After it, only a second one ends anything.

        Raises:
            Interrupted: One came.
        """
        try:
            self._listening = True
            self._interrupt_if_due()
            yield
        finally:
            self._is_over, self._listening = True, False

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Let a signal that comes meanwhile wait until this is done.

        Raises:
            Interrupted: One came.
        """
        self._deferring += 1
        try:
            yield
        finally:
            self._deferring -= 1
        self._interrupt_if_due()

    def _arrive(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if not self._is_over:
            self._waits = True
            self._interrupt_if_due()
            return
        self._came_since += 1
        if self._came_since > 1:
            raise Interrupted
        self._tell("restoring what was changed; interrupt again to leave it as it is")

    def _interrupt_if_due(self) -> None:
        if self._waits and self._listening and not self._deferring:
            self._is_over = True  # so that one more, at whatever moment, does not disturb
            raise Interrupted

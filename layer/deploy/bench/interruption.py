"""Interruption: Ctrl-C and its like end a bench at once, but never between two halves of a step.

What is changed in somebody's account is to be put back by whatever way a bench ends. So a signal
that comes while something is being changed waits until it is known whether that was done, and one
that comes while it is being put back does not keep it from that; a second one then does.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """Somebody wants this to end; click answers it as it does Ctrl-C."""


class Interruption:
    """Listens to signals, for `with`, on the main thread.

    Args:
        tell: Says something to whoever waits.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._held = 0
        self._arrived = 0
        self._last_chance = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Interruption":
        self._before = {number: signal.signal(number, self._arrive) for number in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let a signal that comes meanwhile wait until this is done.

        Raises:
            Interrupted: One came.
        """
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
        if self._arrived and not self._held:
            raise Interrupted

    @contextmanager
    def last_chance(self) -> Iterator[None]:
        """Go on where a signal comes, and end where another one does.

        Raises:
            Interrupted: A second one came.
        """
        self._last_chance, self._arrived = True, 0
        yield

    def _arrive(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._arrived += 1
        if self._last_chance:
            if self._arrived > 1:
                raise Interrupted
            self._tell("putting back what was changed; the same again leaves it as it is")
        elif not self._held:
            raise Interrupted

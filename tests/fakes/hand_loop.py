"""A loop that turns when a test says so, and whose timers come due when a test says so."""

import select
from collections.abc import Callable

from extension.http.loop import Loop, Timer


class HandLoop(Loop):
    """The loop, turned by hand; nothing may go wrong in it."""

    __slots__ = ("_later",)

    def __init__(self) -> None:
        super().__init__(_rethrow)
        self._later: list[Timer] = []

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call something when the test says that its time has come."""
        self._later.append(Timer(seconds, callback))
        return self._later[-1]

    def fileno(self) -> int:
        """What can be read while anything is ready."""
        assert isinstance(self._poller, select.epoll)
        return self._poller.fileno()

    def turn(self) -> bool:
        """Call back for what is ready now, once each; say whether anything was."""
        ready = self._poll(0)
        for descriptor, events in ready:
            if descriptor in self._callbacks:
                self._callbacks[descriptor](events)
        return bool(ready)

    def call_back(self, descriptor: int) -> None:
        """Call back for what can be read of one descriptor."""
        self._callbacks[descriptor](select.EPOLLIN)

    def settle(self) -> None:
        """Turn until nothing is ready."""
        while self.turn():
            pass

    @property
    def has_timers(self) -> bool:
        """Whether anything is to be called later."""
        return bool(self._later)

    def pass_time(self) -> None:
        """Let every timer that there is come due once."""
        due, self._later = self._later, []
        for timer in due:
            if timer.callback is not None:
                timer.callback()


def _rethrow(error: Exception) -> None:
    raise error

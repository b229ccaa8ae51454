"""The loop: one thread that serves every descriptor, timer and message from other threads.

Theory of operation: `epoll` (or `poll`, where there is no epoll, so that it runs on a Mac too)
says which descriptors are ready, and their callbacks run. Other threads reach the loop through
`call_soon` alone: a queue, and a pipe whose one job is to end the poll.
"""

from __future__ import annotations

import heapq
import os
import queue
import select
import time
from collections.abc import Callable
from contextlib import suppress

_READY_AT_ONCE = 64  # descriptors; the system's default asks for 12 KB at each poll
_FEW_TIMERS = 64
_REST = 0.01  # seconds
READABLE = select.POLLIN
WRITABLE = select.POLLOUT


class Timer:
    """A callback that is due at some moment, unless it is cancelled before."""

    __slots__ = ("_cancelled", "callback", "due")

    def __init__(
        self, due: float, callback: Callable[[], None], cancelled: Callable[[], None] | None = None
    ) -> None:
        self.due = due
        self.callback: Callable[[], None] | None = callback
        self._cancelled = cancelled

    def __lt__(self, other: Timer) -> bool:
        return self.due < other.due

    def cancel(self) -> None:
        """Never call it, and hold nothing of it."""
        was_set, self.callback = self.callback is not None, None
        if was_set and self._cancelled is not None:
            self._cancelled()


class Loop:
    """See the module's text. Everything but `call_soon` is for the loop's own thread.

    Args:
        on_error: told of what a callback raises; the loop goes on for the others.
    """

    __slots__ = (
        "_callbacks",
        "_calls",
        "_cancelled",
        "_on_error",
        "_poll",
        "_poller",
        "_stopped",
        "_timers",
        "_wake",
    )

    def __init__(self, on_error: Callable[[Exception], None]) -> None:
        self._on_error = on_error
        if hasattr(select, "epoll"):
            epoll = select.epoll()
            self._poller: select.epoll | select.poll = epoll
            self._poll: Callable[[float], list[tuple[int, int]]]
            self._poll = lambda seconds: epoll.poll(seconds, _READY_AT_ONCE)
        else:
            poller = self._poller = select.poll()
            self._poll = lambda seconds: poller.poll(None if seconds < 0 else seconds * 1000)
        self._callbacks: dict[int, Callable[[int], None]] = {}
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._timers: list[Timer] = []
        self._cancelled = 0  # timers since the last were let go of, at least those that are held
        self._stopped = False
        woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self.watch(woken, READABLE, lambda _: self._run_calls(woken))

    def watch(self, descriptor: int, events: int, callback: Callable[[int], None]) -> None:
        """Call back with the ready events whenever a descriptor is ready.

        Args:
            descriptor: an open one.
            events: `READABLE`, `WRITABLE`, both, or 0 for errors alone.
            callback: takes the events; errors and hang-ups come whatever was asked for.
        """
        self._poller.register(descriptor, events)
        self._callbacks[descriptor] = callback

    def change(self, descriptor: int, events: int) -> None:
        """Watch a descriptor for other events from now on."""
        self._poller.modify(descriptor, events)

    def forget(self, descriptor: int) -> None:
        """Stop watching a descriptor, before it is closed."""
        self._poller.unregister(descriptor)
        del self._callbacks[descriptor]

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Have the loop's thread call something; for any thread."""
        self._calls.put(callback)
        with suppress(BlockingIOError):  # the pipe is full of wake-ups already
            os.write(self._wake, b"\0")

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call something after some seconds."""
        timer = Timer(time.monotonic() + seconds, callback, self._note_cancelled)
        heapq.heappush(self._timers, timer)
        return timer

    def _note_cancelled(self) -> None:
        """Let go of cancelled timers once they are most of those that are held."""
        self._cancelled += 1
        if self._cancelled > max(_FEW_TIMERS, len(self._timers) // 2):
            self._timers = [timer for timer in self._timers if timer.callback is not None]
            heapq.heapify(self._timers)
            self._cancelled = 0

    def run(self) -> None:
        """Serve until `stop`.

        Timers come after what is ready: where the loop was kept from running, what has happened
        by then is heard before a limit for it is over.
        """
        while not self._stopped:
            for descriptor, events in self._ready(self._left()):
                callback = self._callbacks.get(descriptor)
                if callback is None:  # another callback has just forgotten it
                    continue
                try:
                    callback(events)
                except Exception as error:
                    self._tell(error)
            self._run_timers()

    def _ready(self, seconds: float) -> list[tuple[int, int]]:
        try:
            return self._poll(seconds)
        except MemoryError:  # there may be enough in a moment, and who is served then is served
            time.sleep(_REST)
            return []

    def stop(self) -> None:
        """End `run` once what is ready and due now was called, or as soon as `run` is called."""
        self._stopped = True

    def _run_calls(self, woken: int) -> None:
        os.read(woken, 4096)
        while not self._calls.empty():
            self._attempt(self._calls.get_nowait())

    def _attempt(self, callback: Callable[[], None]) -> None:
        try:
            callback()
        except Exception as error:
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        with suppress(MemoryError):  # there was too little to tell it; the others are served on
            self._on_error(error)

    def _left(self) -> float:
        """The seconds until the next timer is due, or -1 where there is none."""
        while self._timers and self._timers[0].callback is None:
            heapq.heappop(self._timers)
        return max(0.0, self._timers[0].due - time.monotonic()) if self._timers else -1

    def _run_timers(self) -> None:
        """Run the timers that are due."""
        while self._timers and self._timers[0].due <= time.monotonic():
            callback = heapq.heappop(self._timers).callback
            if callback is not None:
                self._attempt(callback)


def is_ready(descriptor: int, events: int) -> bool:
    """Whether a descriptor is `READABLE` or `WRITABLE` (either, or both, as `events`) right now."""
    poll = select.poll()
    poll.register(descriptor, events)
    return bool(poll.poll(0))

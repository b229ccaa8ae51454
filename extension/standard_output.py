"""Standard output, as something that never holds anybody up.

A write to a pipe that nobody reads blocks once the pipe is full, and with it the endpoint. The
descriptor is not made non-blocking, as it is one with that of other processes, the function's among
them; instead, nothing is written but what is taken at once: a pipe that is writable takes so many
bytes whole (PIPE_BUF, pipe(7)). Two processes that fill the last of the same pipe at the same
instant are what is left.
"""

from __future__ import annotations

import _thread
import posix
import select

_AT_ONCE = 4096  # bytes
_PATIENCE = 100  # milliseconds


class StandardOutput:
    """Writes lines for as long as somebody takes them; for any thread.

    Theory of operation: a reader who is slow is waited for, once; from then on lines are dropped
    until it reads again. A line that was cut off is ended then, so that the next one stands alone.

    Args:
        descriptor: where to write.
    """

    __slots__ = ("_cut", "_descriptor", "_lock", "_patience", "_poll")

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._cut = False
        self._lock = _thread.allocate_lock()
        self._patience = _PATIENCE
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)

    def write(self, line: bytes) -> bool:
        """Write a line; False where nobody takes all of it."""
        with self._lock:
            whole = self._written(b"\n" + line if self._cut else line)
            self._patience = _PATIENCE if whole else 0
            return whole

    def _written(self, data: bytes) -> bool:
        try:
            while data and self._poll.poll(self._patience):
                data = data[posix.write(self._descriptor, data[:_AT_ONCE]) :]
                self._cut = bool(data)
        except OSError:
            return False  # whoever read it is gone, or its disk is full
        return not data

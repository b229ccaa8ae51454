"""Standard output that does not block.

A write to a full pipe blocks, and would block the endpoint. The descriptor can't be made
non-blocking, because other processes share it, the function's among them. So a line is written in
parts that a writable pipe takes at once (PIPE_BUF, pipe(7)). What remains is that another process
fills the pipe between the poll and the write.
"""

from __future__ import annotations

import os
import select
import threading

_AT_ONCE = 4096  # bytes, PIPE_BUF
_LONGEST_WAIT_MILLIS = 100


class StandardOutput:
    """Writes lines as long as somebody reads them; for any thread.

    Theory of operation: a slow reader is waited for once; after that, lines are dropped until it
    reads again. A line that was cut off is ended before the next one begins.

    Args:
        descriptor: the file descriptor to write to.
    """

    __slots__ = ("_cut", "_descriptor", "_lock", "_poll", "_wait_millis")

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor
        self._cut = False
        self._lock = threading.Lock()
        self._wait_millis = _LONGEST_WAIT_MILLIS
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)

    def write(self, line: bytes) -> bool:
        """Write a line, and return whether all of it was written."""
        with self._lock:
            complete = self._written(b"\n" + line if self._cut else line)
            self._wait_millis = _LONGEST_WAIT_MILLIS if complete else 0
            return complete

    def _written(self, data: bytes) -> bool:
        try:
            while data and self._poll.poll(self._wait_millis):
                data = data[os.write(self._descriptor, data[:_AT_ONCE]) :]
                self._cut = bool(data)
        except OSError:
            return False  # the reader is gone, or the disk is full
        return not data

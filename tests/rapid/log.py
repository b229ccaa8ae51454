"""What processes print, as text that can be waited on."""

import codecs
import os
import re
import select
import threading
import time
from typing import IO

from tests.canary.watch import WATCH


class Log:
    """Everything written to a pipe so far, up to this very moment.

    A thread takes in what comes, and whoever looks at the text takes in first what the pipe still
    holds: what was printed before an invoke was answered is there when the answer is. The end
    comes when the last process that holds the pipe's other side is gone. No secret may ever stand
    in it: the watch follows it.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._text = ""
        self._ended = False
        self._changed = threading.Condition()
        os.set_blocking(pipe.fileno(), False)
        self._reader = threading.Thread(target=self._read, name="log", daemon=True)
        self._reader.start()
        WATCH.follow(self)

    @property
    def ended(self) -> bool:
        """Whether every writer is gone, and all they wrote is there."""
        with self._changed:
            return self._ended

    @property
    def text(self) -> str:
        """The text so far."""
        with self._changed:
            self._take_in()
            return self._text

    def wait_for(self, pattern: str, timeout: float) -> re.Match[str]:
        """Wait until the text matches.

        Args:
            pattern: A regular expression; `^` and `$` stand for each line's ends.
            timeout: The longest wait, in seconds.

        Returns:
            The first match.

        Raises:
            TimeoutError: No match came in time, or the text ended without one.
        """
        deadline = time.monotonic() + timeout
        expression = re.compile(pattern, re.MULTILINE)
        with self._changed:
            while not (found := expression.search(self._text)):
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    why = "ended" if self._ended else f"said nothing of it for {timeout} s"
                    raise TimeoutError(f"no {pattern!r}: the log {why}; it holds\n{self._text}")
                self._changed.wait(left)
        return found

    def wait_for_end(self, timeout: float) -> bool:
        """Wait until every writer is gone; say whether that happened within `timeout` seconds."""
        self._reader.join(timeout)
        return not self._reader.is_alive()

    def _read(self) -> None:
        readable = select.poll()
        readable.register(self._pipe, select.POLLIN)
        while not self._ended:
            readable.poll()
            with self._changed:
                self._take_in()
        self._pipe.close()

    def _take_in(self) -> None:
        while not self._ended:
            try:
                data = os.read(self._pipe.fileno(), 65536)
            except BlockingIOError:
                return
            self._ended = not data
            self._text += self._decoder.decode(data, final=self._ended)
            self._changed.notify_all()

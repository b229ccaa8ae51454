"""What a process prints, as text that can be waited on."""

import re
import threading
import time
from typing import IO


class Log:
    """Everything written to a pipe so far.

    A thread reads the pipe to its end, which comes when the last process that holds its other
    side is gone; so `wait_for_end` also says that nothing of a process tree is left.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._text = ""
        self._ended = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="log", daemon=True)
        self._reader.start()

    @property
    def text(self) -> str:
        """The text so far."""
        with self._changed:
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
        with self._pipe:
            for line in self._pipe:
                with self._changed:
                    self._text += line.decode("utf-8", "backslashreplace")
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

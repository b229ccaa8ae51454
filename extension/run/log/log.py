"""The log: lines of JSON on standard output, which Lambda sends to CloudWatch.

No value, token or key is passed to it; and what texts of others may hold of them is taken out.
Serving secrets must not wait for whoever reads the
log: lines that can't be written are dropped, and the next one that can says how many were.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timezone

from ...declared.settings import LEVELS
from ...http import json_text
from ...http.scrubber import one_line
from .shortage import shortage
from .standard_output import StandardOutput

_STANDARD_OUTPUT = StandardOutput()


class Log:
    """Writes what is at or above its level.

    Args:
        level: one of `settings.LEVELS`.
        write: writes a line, which includes its line break; returns whether it could.
        clock: the time, in seconds since the epoch.

    Attributes:
        clean: takes secrets out of a text; to be set once there are any.
    """

    __slots__ = ("_clock", "_level", "_lost", "_said", "_write", "clean")

    def __init__(
        self,
        level: str = "info",
        write: Callable[[bytes], bool] = _STANDARD_OUTPUT.write,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clean: Callable[[str], str] = one_line
        self._level = LEVELS.index(level)
        self._write = write
        self._clock = clock
        self._lost = 0
        self._said: set[str] = set()

    def writes(self, level: str) -> bool:
        """Whether lines of a level are written at all."""
        return LEVELS.index(level) >= self._level

    def debug(self, message: str, **fields: object) -> None:
        """Log what helps in debugging."""
        self._line("debug", message, fields)

    def info(self, message: str, **fields: object) -> None:
        """Log what happened."""
        self._line("info", message, fields)

    def warn(self, message: str, **fields: object) -> None:
        """Log what should be fixed."""
        self._line("warn", message, fields)

    def warn_once(self, message: str, **fields: object) -> None:
        """Log what should be fixed, unless this method has logged the same message before."""
        if message not in self._said:
            self._said.add(message)
            self.warn(message, **fields)

    def error(self, message: str, **fields: object) -> None:
        """Log what keeps clients from a secret."""
        self._line("error", message, fields)

    def internal_error(self, error: Exception) -> None:
        """Log an unexpected exception: its type and place, not its text, which may contain values.

        The system's own messages, such as "File too large", contain none.
        """
        self.error(
            shortage(error) or "an internal error in Warmkey; please report it",
            error=type(error).__name__,
            reason=os.strerror(error.errno or 0) if isinstance(error, OSError) else None,
            at=_places(error),
        )

    def _line(self, level: str, message: str, fields: dict[str, object]) -> None:
        if not self.writes(level):
            return
        now = datetime.fromtimestamp(self._clock(), timezone.utc)
        line = {
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": level.upper(),
            "logger": "warmkey",
            "message": self.clean(message),
            **{name: self._clean(each) for name, each in fields.items() if each not in (None, "")},
        }
        if self._lost:
            line["linesLost"] = self._lost
        taken = self._write(json_text.encode(line).encode() + b"\n")
        self._lost = 0 if taken else self._lost + 1

    def _clean(self, value: object) -> object:
        match value:
            case str():
                return self.clean(value)
            case list() | tuple():
                return [self._clean(each) for each in value]
            case _:
                return value


def _places(error: Exception) -> list[str] | None:
    """The lines that an exception passed; None if they can't be told, as for lack of memory."""
    try:
        frames = traceback.extract_tb(error.__traceback__)
        return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    except Exception:
        return None

"""The log: one line of JSON each, on standard output, which Lambda sends to CloudWatch.

Nothing that holds a value, a token or a key is ever handed to it. Lines that nobody takes are lost,
since secrets are still to be served; the next line that is taken says how many.
"""

from __future__ import annotations

import posix
import time
from datetime import datetime, timezone

from . import json_text
from .settings import LEVELS
from .shortage import shortage
from .standard_output import StandardOutput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_STANDARD_OUTPUT = StandardOutput()


class Log:
    """Writes what is at or above its level.

    Args:
        level: one of `settings.LEVELS`; anything else, before the settings were checked, is info.
        write: takes each line, with its line break, in one call; returns whether it could.
        clock: the time, in seconds since the epoch.
    """

    __slots__ = ("_clock", "_level", "_lost", "_said", "_write")

    def __init__(
        self,
        level: str = "info",
        write: Callable[[bytes], bool] = _STANDARD_OUTPUT.write,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._level = LEVELS.index(level if level in LEVELS else "info")
        self._write = write
        self._clock = clock
        self._lost = 0
        self._said: set[str] = set()

    def debug(self, message: str, **fields: object) -> None:
        """Log what helps to find a fault."""
        self._line("debug", message, fields)

    def info(self, message: str, **fields: object) -> None:
        """Log what happened."""
        self._line("info", message, fields)

    def warn(self, message: str, **fields: object) -> None:
        """Log what is worth mending."""
        self._line("warn", message, fields)

    def warn_once(self, message: str, **fields: object) -> None:
        """Log what is worth mending, unless the same message has been logged this way before."""
        if message not in self._said:
            self._said.add(message)
            self.warn(message, **fields)

    def error(self, message: str, **fields: object) -> None:
        """Log what keeps someone from a secret."""
        self._line("error", message, fields)

    def fault(self, error: Exception) -> None:
        """Log a fault of our own, or a shortage; no text, which may hold values, but where it was.

        What the system says, such as that a file is too large, says nothing of values.
        """
        self.error(
            shortage(error) or "an internal error in Warmkey; please report it",
            error=type(error).__name__,
            reason=posix.strerror(error.errno or 0) if isinstance(error, OSError) else None,
            at=_places(error),
        )

    def _line(self, level: str, message: str, fields: dict[str, object]) -> None:
        if LEVELS.index(level) < self._level:
            return
        now = datetime.fromtimestamp(self._clock(), timezone.utc)
        line = {
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": level.upper(),
            "logger": "warmkey",
            "message": message,
            **{name: value for name, value in fields.items() if value not in (None, "")},
        }
        if self._lost:
            line["linesLost"] = self._lost
        taken = self._write(json_text.encode(line).encode() + b"\n")
        self._lost = 0 if taken else self._lost + 1


def _places(error: Exception) -> list[str] | None:
    """Where an exception came by, or None where that can't be had, as for want of memory."""
    try:
        import traceback  # rare, so it may cost what it costs

        frames = traceback.extract_tb(error.__traceback__)
        return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    except Exception:
        return None

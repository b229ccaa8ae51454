"""What is logged of calls upstream."""

from __future__ import annotations

from typing import Protocol


class Log(Protocol):
    """Where it is logged; see `run.log`."""

    def debug(self, message: str, **fields: object) -> None:
        """Log what helps in debugging."""

    def info(self, message: str, **fields: object) -> None:
        """Log what happens seldom and is no trouble by itself."""

    def warn_once(self, message: str, **fields: object) -> None:
        """Log what should be fixed, unless the same message was logged before."""

    def internal_error(self, error: Exception) -> None:
        """Log an unexpected exception."""

"""The life of the daemon beside a program of any kind: serve, refresh by timer, drain on SIGTERM.

On ECS, on EKS, on a laptop. There is no Lambda that freezes it, so values are refreshed before
they expire, whether somebody reads them or not.
"""

from __future__ import annotations

import signal

from . import start_failure
from .daemon import Daemon
from .log import Log
from .settings import LEVELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .outcome import Failed
    from .start import Start

_TICK = 1.0  # seconds


def run(start: Start, log_level: str) -> int:
    """Live until SIGTERM or SIGINT.

    Args:
        start: what was begun, or has failed.
        log_level: the log level in the environment; used before the settings are known.

    Returns:
        The process's exit code.
    """
    if start.failure is not None:
        log = Log(log_level if log_level in LEVELS else "info")
        error_type, message = start_failure.describe(start.failure, log)
        log.error(message, errorType=error_type)
        return 1
    return _Sidecar(start, Log(start.settings.log_level)).run()


class _Sidecar:
    """A sidecar whose start has not failed."""

    def __init__(self, start: Start, log: Log) -> None:
        self._start = start
        self._log = log
        self._exit_code = 0
        self._daemon = Daemon(start, log, self._become_ready)

    def run(self) -> int:
        for warning in self._start.settings.warnings:
            self._log.warn(warning)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._daemon.loop.call_soon(self._daemon.drain))
        self._daemon.run()
        return self._exit_code

    def _become_ready(self, missing: Mapping[str, Failed]) -> None:
        port = self._start.listener.getsockname()[1]
        self._log.info("ready", port=port, missing=sorted(missing) or None)
        if missing and self._start.settings.required:
            self._log.error("WARMKEY_REQUIRED is true, and there are secrets that can't be had")
            self._exit_code = 1
            self._daemon.loop.stop()
        else:
            self._tick()

    def _tick(self) -> None:
        self._daemon.refresh_due()
        self._daemon.loop.call_later(_TICK, self._tick)

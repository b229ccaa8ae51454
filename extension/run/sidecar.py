"""The life of the daemon as a sidecar: serve, refresh by timer, drain on SIGTERM.

On ECS, on EKS or on a laptop nothing freezes it. So values are refreshed before they expire,
whether they are read or not, and what could not be fetched is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..declared.settings import provisional_log_level
from ..http.failure import Failed
from . import signals, start_failure
from .daemon import Daemon
from .log import Log
from .start import Start, begin

_DRAIN = 8.0  # seconds; containers are given 10 or more before they are killed
_LOOK = 1.0  # seconds between looks for values that are due, at most
_TRY_AGAIN = 30.0  # seconds between attempts to fetch what is missing, at most
_NOBODY_MAY_READ = (
    "no token is set, so every read is refused: set WARMKEY_TOKEN or WARMKEY_TOKEN_FILE here and "
    "in the programs that read"
)


def run(environ: Mapping[str, str], local: str = "") -> int:
    """Live until SIGTERM or SIGINT.

    Args:
        environ: the process's environment.
        local: the file to serve from instead of AWS; empty for AWS.

    Returns:
        The process's exit code.
    """
    signals.block()
    start = begin(environ, None, local)
    log, failure = Log(provisional_log_level(environ)), start.failure
    if failure is None:
        log = Log(start.settings.log_level)
        try:
            return _Sidecar(start, log).run()
        except Exception as error:
            failure = error
    error_type, message = start_failure.describe(failure, log)
    log.error(message, errorType=error_type)
    return 1


class _Sidecar:
    """A sidecar whose start has not failed."""

    def __init__(self, start: Start, log: Log) -> None:
        self._start = start
        self._log = log
        self._exit_code = 0
        self._daemon = Daemon(start, log, self._become_ready)

    def run(self) -> int:
        signals.handle(lambda: self._daemon.loop.call_soon(self._end))
        self._daemon.run()
        return self._exit_code

    def _end(self) -> None:
        self._daemon.drain(_DRAIN)
        self._log.debug("shutting down")

    def _become_ready(self, missing: Mapping[str, Failed]) -> None:
        settings = self._start.settings
        if missing and settings.required:
            self._daemon.warn_of_settings()  # one of them may be why
            self._log.error(start_failure.unavailable(missing))
            self._exit_code = 1
            self._daemon.loop.stop()
            return
        port = self._start.listener.getsockname()[1]
        self._log.info("ready", port=port, missing=sorted(missing) or None)
        self._daemon.warn_of_settings()
        if not self._daemon.has_token:
            self._log.warn(_NOBODY_MAY_READ)
        ttls = [service.ttl for service in settings.services.values() if service.ttl]
        # A value is due during the last fifth of its TTL: look twice in that time.
        self._repeat(min([_LOOK, *(ttl / 10 for ttl in ttls)]), self._daemon.refresh_due)
        self._repeat(min([_TRY_AGAIN, *ttls]), self._daemon.fetch_missing)

    def _repeat(self, seconds: float, act: Callable[[], None]) -> None:
        def acted() -> None:
            act()
            self._repeat(seconds, act)

        self._daemon.loop.call_later(seconds, acted)

"""The life of the daemon as a Lambda extension: report, serve, drain."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping

from .. import assert_never
from ..declared.settings import provisional_log_level
from ..http.failure import Failed
from . import signals, start_failure
from .daemon import Daemon
from .lambda_api import LambdaApiError, RegisteredExtension
from .lambda_events import Invoke, Shutdown
from .log import Log
from .start import Start, begin

# Seconds. Lambda allows 2 for the whole shutdown, of which the runtime may use 0.5 before us:
# https://github.com/aws-samples/graceful-shutdown-with-aws-lambda
_DRAIN = 1.0
_NO_THREAD = (
    "no thread can be started to wait for Lambda's events: give the function more memory, or let "
    "it start fewer threads and processes; Lambda allows 1,024 in an environment"
)


def run(environ: Mapping[str, str], name: str) -> int:
    """Live as an extension, until SHUTDOWN.

    Args:
        environ: the process's environment.
        name: the extension's name, which is its executable's file name.

    Returns:
        The process's exit code.
    """
    gc.disable()  # until the daemon is ready: a start creates no garbage
    start = begin(environ, name)
    log = Log(provisional_log_level(environ))
    if start.registration is None:
        log.error("the extension can't register", reason=str(start.failure))
        return 1
    try:
        registered = start.registration.finish()
    except LambdaApiError as error:
        log.error("the extension can't register", reason=str(start.failure or error))
        return 1
    start.phases.mark("registered")
    failure = start.failure
    if failure is None:
        log = Log(start.settings.log_level)
        try:
            return _Extension(start, registered, log).run()
        except Exception as error:
            failure = error
    _report(registered, log, *start_failure.describe(failure, log))
    return 1


class _Extension:
    """A registered extension whose start has not failed."""

    def __init__(self, start: Start, registered: RegisteredExtension, log: Log) -> None:
        self._start = start
        self._registered = registered
        self._log = log
        self._exit_code = 0
        self._daemon = Daemon(start, log, self._become_ready)

    def run(self) -> int:
        signals.handle(lambda: self._daemon.loop.call_soon(self._end))
        self._daemon.run()
        return self._exit_code

    def _become_ready(self, missing: Mapping[str, Failed]) -> None:
        if missing and self._start.settings.required:
            self._fail("Extension.SecretUnavailable", start_failure.unavailable(missing))
            return
        declarations = self._start.declarations
        self._log.info(
            "ready",
            stage=declarations.stage,
            secrets=len(declarations.references),
            missing=sorted(missing) or None,
            phases={name: round(ms, 2) for name, ms in self._start.phases.moments.items()},
        )
        try:
            threading.Thread(target=self._await_shutdown, daemon=True).start()
        except (RuntimeError, MemoryError):
            self._fail("Extension.NoThread", _NO_THREAD)

    def _await_shutdown(self) -> None:
        """Wait for SHUTDOWN, on a thread of its own; the request tells Lambda that init is done."""
        self._start.phases.mark("next")
        try:
            self._registered.request_event()
            self._daemon.warn_of_settings()
            while True:
                event = self._registered.receive_event()
                match event:
                    case Invoke():
                        self._registered.request_event()
                    case Shutdown():
                        self._log.debug("shutting down", reason=event.reason)
                        break
                    case never:
                        assert_never(never)
        except LambdaApiError as error:
            self._exit_code = 1
            _report(self._registered, self._log, "Extension.NextFailed", str(error))
        except Exception as error:
            self._exit_code = 1
            _report(self._registered, self._log, *start_failure.describe(error, self._log))
        self._daemon.loop.call_soon(lambda: self._daemon.drain(_DRAIN))

    def _end(self) -> None:
        """Drain on a signal, as on SHUTDOWN."""
        self._log.warn_once("a signal stops the extension; Lambda would have sent SHUTDOWN")
        self._daemon.drain(_DRAIN)

    def _fail(self, error_type: str, message: str) -> None:
        self._daemon.warn_of_settings()  # one of them may be why
        _report(self._registered, self._log, error_type, message)
        self._exit_code = 1
        self._daemon.loop.stop()


def _report(registered: RegisteredExtension, log: Log, error_type: str, message: str) -> None:
    try:
        log.error(message, errorType=error_type)
        registered.report(error_type, message)
    except LambdaApiError as error:
        log.error("Lambda did not accept the report", reason=str(error))
    except MemoryError:
        pass  # the exit code still tells Lambda that something went wrong

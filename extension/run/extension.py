"""The life of the daemon as a Lambda extension: report, serve, drain."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping

from .. import assert_never
from ..http.failure import Failed
from ..http.loop import READABLE
from .extensions_api.client import LambdaApiError, RegisteredExtension
from .extensions_api.events import Invoke, Shutdown
from .lifecycle import Lifecycle, run_lifecycle
from .log.log import Log
from .start import failures
from .start.start import Start, begin

# Seconds. Lambda allows 2 for the whole shutdown, of which the runtime may use 0.5 before us:
# https://github.com/aws-samples/graceful-shutdown-with-aws-lambda
_DRAIN = 1.0
_TURNS = 3  # of the loop, before log lines: one accepts a client, one hears it
_RESERVE = 0.5  # of what Lambda gives, to end in
_LONGEST_SHUTDOWN = 60.0  # a deadline that is farther away is by another clock


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
    try:
        registered = _registered(start)
    except LambdaApiError as error:
        reason = str(start.failure or error)
        start.log.error("the extension can't register", reason=reason)
        return 1
    start.phases.mark("registered")
    return run_lifecycle(
        start,
        lambda start, log: _Extension(start, log, registered),
        lambda log, error_type, message: _report(registered, log, error_type, message),
    )


def _registered(start: Start) -> RegisteredExtension:
    if start.registration is None:
        raise LambdaApiError(str(start.failure))
    return start.registration.finish()


class _Extension(Lifecycle):
    """A registered extension."""

    def __init__(self, start: Start, log: Log, registered: RegisteredExtension) -> None:
        super().__init__(start, log)
        self._registered = registered
        self._unlogged: Mapping[str, Failed] | None = None  # what a start has not brought

    def begin_service(self, missing: Mapping[str, Failed]) -> None:
        self.start.phases.mark("next")
        if self._ask_for_event():  # which tells Lambda that init is done
            self._unlogged = missing
            self._log_start_after(_TURNS)

    def _ask_for_event(self) -> bool:
        """Whether Lambda has been asked, and will be heard."""
        try:
            self._registered.request_event()
        except LambdaApiError as error:
            self._end_early("Extension.NextFailed", str(error))
            return False
        self.daemon.loop.watch(self._registered.fileno(), READABLE, self._take_event)
        return True

    def _take_event(self, _events: int) -> None:
        self.daemon.loop.forget(self._registered.fileno())
        self._log_start()
        try:
            event = self._registered.receive_event()
        except LambdaApiError as error:
            self._end_early("Extension.NextFailed", str(error))
        except Exception as error:
            self._end_early(*failures.describe(error, self.log))
        else:
            self._act(event)

    def _act(self, event: Invoke | Shutdown) -> None:
        match event:
            case Invoke():
                self._ask_for_event()
            case Shutdown():
                self.log.debug("shutting down", reason=event.reason)
                self.daemon.drain(drain_limit(event.deadline, time.time()))
            case never:
                assert_never(never)

    def _end_early(self, error_type: str, message: str) -> None:
        self.exit_code = 1
        self.report(error_type, message)
        self.daemon.drain(_DRAIN)

    def _log_start_after(self, turns: int) -> None:
        """Let clients that have come meanwhile have their secrets, and log then.

        A timer would have the runtime interrupted, which by then has the processor for itself.
        """
        if turns:
            self.daemon.loop.call_soon(lambda: self._log_start_after(turns - 1))
        else:
            self._log_start()

    def _log_start(self) -> None:
        """Log that the start is over, once, and before whatever follows it."""
        missing, self._unlogged = self._unlogged, None
        if missing is None:
            return
        self.daemon.warn_of_settings()
        declarations = self.start.declarations
        self.log.info(
            "ready",
            stage=declarations.stage,
            secrets=len(declarations.references),
            missing=sorted(missing) or None,
            phases={name: round(ms, 2) for name, ms in self.start.phases.moments.items()},
        )

    def end_on_signal(self) -> None:
        self._log_start()
        self.log.warn_once("a signal stops the extension; Lambda would have sent SHUTDOWN")
        self.daemon.drain(_DRAIN)

    def report(self, error_type: str, message: str) -> None:
        _report(self._registered, self.log, error_type, message)


def drain_limit(deadline: float, now: float) -> float:
    """How long to drain, in seconds, where Lambda says until when.

    Args:
        deadline: when the environment ends, in seconds since the epoch.
        now: the time, likewise.
    """
    left = deadline - now
    return max(0.0, left - _RESERVE) if abs(left) < _LONGEST_SHUTDOWN else _DRAIN


def _report(registered: RegisteredExtension, log: Log, error_type: str, message: str) -> None:
    try:
        log.error(message, errorType=error_type)
        registered.report(error_type, log.clean(message))
    except LambdaApiError as error:
        log.error("Lambda did not accept the report", reason=str(error))
    except MemoryError:
        pass  # the exit code still tells Lambda that something went wrong

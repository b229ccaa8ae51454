"""The life of a daemon, in Lambda or beside it: from a start to an exit code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from ..http.failure import Failed
from ..http.scrubber import Scrubber
from . import signals
from .daemon import Daemon
from .log.log import Log
from .start import failures
from .start.start import Start


class Lifecycle(ABC):
    """The life of a daemon whose start has not failed.

    Args:
        start: what was begun.
        log: the log.
    """

    def __init__(self, start: Start, log: Log) -> None:
        self.start = start
        self.log = log
        self.exit_code = 0
        self.daemon = Daemon(start, log, self._become_ready)

    def run(self) -> int:
        """Serve until the end; return the exit code."""
        signals.handle(lambda: self.daemon.loop.call_soon(self.end_on_signal))
        self.daemon.run()
        return self.exit_code

    def fail(self, error_type: str, message: str) -> None:
        """Say why the daemon can't go on, and end."""
        self.daemon.warn_of_settings()  # one of them may be why
        self.report(error_type, message)
        self.exit_code = 1
        self.daemon.loop.stop()

    def _become_ready(self, missing: Mapping[str, Failed]) -> None:
        if missing and self.start.settings.required:
            self.fail("Extension.SecretUnavailable", failures.unavailable(missing))
        else:
            self.begin_service(missing)

    @abstractmethod
    def begin_service(self, missing: Mapping[str, Failed]) -> None:
        """Go on once the prefetch is over.

        Args:
            missing: the declared secrets that can't be had, by alias, and why.
        """

    @abstractmethod
    def end_on_signal(self) -> None:
        """Drain."""

    @abstractmethod
    def report(self, error_type: str, message: str) -> None:
        """Tell why the daemon can't go on.

        Args:
            error_type: of the form `Extension.Reason`.
            message: why, for a person.
        """


def run_lifecycle(
    start: Start, make: Callable[[Start, Log], Lifecycle], report: Callable[[Log, str, str], None]
) -> int:
    """Live, and report what ends it early.

    Args:
        start: what was begun, or has failed.
        make: makes the lifecycle of a start that has not failed.
        report: tells why there is none, or why it has ended, with an error type and a message.

    Returns:
        The process's exit code.
    """
    log, failure = start.log, start.failure
    log.clean = Scrubber(lambda: start.secrets).clean
    if failure is None:
        try:
            return make(start, log).run()
        except Exception as error:
            failure = error
    report(log, *failures.describe(failure, log))
    return 1

"""The life of the daemon as a sidecar: serve, refresh by timer, drain on SIGTERM.

On ECS, on EKS or on a laptop nothing freezes it. So values are refreshed before they expire,
whether they are read or not, and what could not be fetched is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..aws.credentials.provider import CredentialSource
from ..endpoint.health import MOST, HealthEndpoint
from ..endpoint.server.listener import listen_for_probes
from ..endpoint.server.server import Server
from ..http.address import Address
from ..http.failure import Failed
from . import signals
from .lifecycle import Lifecycle, run_lifecycle
from .log.log import Log
from .randomness import random_fraction
from .start.start import Start, begin

_DRAIN = 8.0  # seconds; containers are given 10 or more before they are killed
_LOOK = 1.0  # seconds between looks for values that are due, at most
_TRY_AGAIN = 30.0  # seconds between attempts to fetch what is missing, at most


def run(environ: Mapping[str, str], local: str = "", source: CredentialSource | None = None) -> int:
    """Live until SIGTERM or SIGINT.

    Args:
        environ: the process's environment.
        local: the file to serve from instead of AWS; empty for AWS.
        source: gives the credentials; None for where the environment says that they are.

    Returns:
        The process's exit code.
    """
    signals.block()
    return run_lifecycle(begin(environ, None, local, source), _Sidecar, _report)


def _report(log: Log, error_type: str, message: str) -> None:
    log.error(message, errorType=error_type)


class _Sidecar(Lifecycle):
    """A sidecar."""

    def __init__(self, start: Start, log: Log) -> None:
        super().__init__(start, log)
        self.daemon.loop.call_soon(signals.unblock)  # by then they are handled
        if start.settings.health_address:
            self._answer_probes(start.settings.health_address)

    def _answer_probes(self, address: Address) -> None:
        endpoint = HealthEndpoint(lambda: self.daemon.is_ready)
        answers = endpoint.handle, endpoint.refuse
        Server(self.daemon.loop, listen_for_probes(address), *answers, most_anonymous=MOST)

    def end_on_signal(self) -> None:
        self.daemon.drain(_DRAIN)
        self.log.debug("shutting down")

    def report(self, error_type: str, message: str) -> None:
        _report(self.log, error_type, message)

    def begin_service(self, missing: Mapping[str, Failed]) -> None:
        path = self.start.process.socket or None
        port = None if path else self.start.listener.getsockname()[1]
        self.log.info("ready", port=port, socket=path, missing=sorted(missing) or None)
        self.daemon.warn_of_settings()
        ttls = [service.ttl for service in self.start.settings.services.values() if service.ttl]
        # A value is due during the last fifth of its TTL: look twice in that time.
        self._repeat(min([_LOOK, *(ttl / 10 for ttl in ttls)]), self.daemon.refresh_due)
        self._repeat(min([_TRY_AGAIN, *ttls]), self.daemon.fetch_missing)

    def _repeat(self, seconds: float, act: Callable[[], None]) -> None:
        def acted() -> None:
            act()
            self._repeat(seconds, act)

        # By random_fraction, so that what was started together does not call AWS together.
        self.daemon.loop.call_later(seconds * (1.1 - 0.2 * random_fraction()), acted)

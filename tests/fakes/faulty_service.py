"""A fake over HTTP in which things go wrong when a test says so."""

import ssl
from collections.abc import Callable

from tests.closing import Closing
from tests.fakes.faults import FaultPlan
from tests.fakes.http_service import HttpService, Request, Response


class FaultyService(Closing):
    """A server that listens from when it is made until it is closed.

    Args:
        respond: Answers a request.
        tls: Its certificate and settings; plain HTTP unless given.

    Attributes:
        faults: What goes wrong, and when.
    """

    def __init__(
        self, respond: Callable[[Request], Response], tls: ssl.SSLContext | None = None
    ) -> None:
        self.faults = FaultPlan()
        self._service = HttpService(respond, tls)

    def close(self) -> None:
        """Let go of every held call and end every thread."""
        self.faults.release()
        self._service.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._service.url

    @property
    def port(self) -> int:
        """Its port, on 127.0.0.1."""
        return self._service.port

"""One request and its response, and what the endpoint works with meanwhile.

Every response that leaves the endpoint is built here, by `Exchange.build`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from ..http.dates import http_date
from ..http.loop import Timer
from ..http.messages import END_OF_HEAD, Response, build_response
from .requests import aws_api
from .responses import problem as problems
from .responses.problem import Problem
from .server.client_connection import Respond
from .status.queue import Asker

# No browser takes a response for something else, or shows it to a page of another site.
_FOR_BROWSERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_INTERNAL_ERROR = Problem(500, "fault", "an internal error in Warmkey; its log says where")


class Host(Protocol):
    """Who has the endpoint, and is told of what happens there."""

    @property
    def tag_key(self) -> bytes:
        """What ETags are made by."""

    def clean(self, text: str) -> str:
        """A text without the secrets that are known."""

    @property
    def tokens(self) -> Callable[[], Iterable[str]]:
        """Gives the tokens that are accepted now."""

    def ask_status(self, asker: Asker, *, authenticated: bool) -> None:
        """Have somebody told what the daemon says of itself; see `StatusQueue.ask`.

        Args:
            asker: who asks.
            authenticated: whether it has shown the token, and is told names and messages, too.
        """

    @property
    def note_read(self) -> Callable[[], None]:
        """Notes that a read was answered, but for those that need no look at the store."""

    def internal_error(self, error: Exception) -> None:
        """Note an internal error."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How time passes for the endpoint.

    Attributes:
        clock: the time, in seconds since the epoch.
        call_later: calls something after some seconds.
        budget: how long a read may wait, in seconds.
        stale_budget: how long it may where a last good value can serve, in seconds.
    """

    clock: Callable[[], float]
    call_later: Callable[[float, Callable[[], None]], Timer]
    budget: float
    stale_budget: float


class Exchange:
    """A request on its way to its response.

    Args:
        head: the request's head, without the empty line that ends it.
        respond: takes the response's bytes, now or later, once.
        host: told of internal errors.
        timing: gives the date.
        keep_alive: whether the connection lives on after the response.

    Attributes:
        head: the head.
        keep_alive: likewise.
    """

    __slots__ = ("_host", "_respond", "_timing", "head", "keep_alive")

    def __init__(
        self, head: bytes, respond: Respond, host: Host, timing: Timing, *, keep_alive: bool = False
    ) -> None:
        self.head = head
        self.keep_alive = keep_alive
        self._respond = respond
        self._host = host
        self._timing = timing

    def send(self, response: Response | Problem) -> bytes:
        """Send a response, and return its bytes."""
        data = self.build(response)
        self._respond(data, self.keep_alive)
        return data

    def refuse(self, problem: Problem) -> None:
        """Send a refusal; what follows such a request may be anything, so nothing is read of it."""
        self.keep_alive = False
        data = self.build(problem)
        if self.head.startswith(b"HEAD "):  # whose response has no body (RFC 9110 §9.3.2)
            data = data[: data.index(END_OF_HEAD) + len(END_OF_HEAD)]
        self._respond(data, False)

    def fail(self, error: Exception) -> None:
        """Send word of an internal error."""
        self.keep_alive = False
        try:
            self._host.internal_error(error)
            data = self.build(_INTERNAL_ERROR)
        except MemoryError:
            data = b""  # the connection's end is all that there is memory to say
        self._respond(data, False)

    def build(self, response: Response | Problem) -> bytes:
        """The bytes of a response; an HTTP/1.0 client has to be told that it may go on."""
        if isinstance(response, Problem):
            plain = aws_api.is_asked(self.head)
            response = problems.response(response, self._host.clean, plain=plain)
        connection = ("Connection", "keep-alive" if self.keep_alive else "close")
        date = ("Date", http_date(self._timing.clock()))
        headers = (date, *response.headers, *_FOR_BROWSERS, connection)
        return build_response(Response(response.status, headers, response.body))

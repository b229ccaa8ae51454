"""A threaded HTTP/1.1 server for fakes: keep-alive, TLS, and connections that break on demand.

One thread accepts, one thread serves each connection. A fake gives a function from `Request` to
`Response`; the response also says how it is delivered, whole or broken in one of the ways a
network breaks. Leaving the context manager closes every connection and joins every thread, so a
test that ends leaves nothing behind.
"""

import contextlib
import enum
import http
import http.client
import io
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message

from tests.closing import Closing

LOOPBACK = "127.0.0.1"
_ABORT = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close sends RST


class Delivery(enum.Enum):
    """How a response reaches the client."""

    WHOLE = "as it should be"
    TWICE = "whole, and then once more: nobody asked for that"
    CHUNKED = "whole, in chunks instead of with a Content-Length"
    CLOSE_AFTER = "whole, then the connection is closed without a `Connection: close`"
    ANNOUNCED_CLOSE = "whole, with `Connection: close`, then closed"
    TRUNCATED = "half of the body, then the connection is closed"
    TOO_LONG = "Content-Length is smaller than the body: what is left spoils the connection"
    HANG = "nothing at all, on an open connection"
    HANG_IN_BODY = "half of the body, then nothing, on an open connection"
    RESET = "RST instead of a response"
    RESET_IN_BODY = "half of the body, then RST"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was received.

    Attributes:
        method: The method, as sent.
        target: Path and query, as sent.
        headers: The header fields; look-ups ignore case.
        body: The body.
        connection: Number of the connection, from 1, in order of acceptance.
    """

    method: str
    target: str
    headers: Message
    body: bytes
    connection: int


@dataclass(frozen=True, slots=True)
class Response:
    """What to answer, and how to deliver it."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.WHOLE


class HttpService(Closing):
    """Serves `respond` on a port of the loopback interface, from construction to `close`.

    Args:
        respond: Answers a request; called on the connection's own thread.
        tls: Context of the server's side, or None for plain HTTP.
        port: Where it listens; 0 for a port that is free.
    """

    def __init__(
        self,
        respond: Callable[[Request], Response],
        tls: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        self._respond = respond
        self._tls = tls
        self._lock = threading.Lock()
        self._closed = False
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.connections = 0
        self.failed_handshakes = 0
        self._listener = socket.create_server((LOOPBACK, port), backlog=1024)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, name=f"accept:{self.port}")
        self._acceptor.start()

    @property
    def url(self) -> str:
        """Where the service is, without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://{LOOPBACK}:{self.port}"

    def drop_connections(self) -> None:
        """Close every open connection now, as a load balancer does with idle ones."""
        with self._lock:
            for connection in self._open:
                _shut(connection)

    def close(self) -> None:
        """Stop listening, close every connection, wait until no thread is left."""
        with self._lock:
            self._closed = True
        _shut(self._listener)  # wakes accept()
        self._acceptor.join()
        self._listener.close()
        self.drop_connections()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self._closed:
                    raw.close()
                    return
                self.connections += 1
                number = self.connections
                self._open.add(raw)
            thread = threading.Thread(target=self._serve, args=(raw, number))
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw: socket.socket, number: int) -> None:
        connection, secured = raw, self._tls is None
        try:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                connection = tls = self._wrap(raw, self._tls)
                tls.do_handshake()
                secured = True
            self._converse(connection, number)
        except OSError:  # the client left, or does not trust the certificate: its right
            with self._lock:
                self.failed_handshakes += not secured
        finally:
            with self._lock:
                self._open.discard(connection)
                connection.close()

    def _wrap(self, raw: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
        with self._lock:  # `close` finds the one of the two that holds the descriptor
            tls = context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
            self._open.remove(raw)
            self._open.add(tls)
            return tls

    def _converse(self, connection: socket.socket, number: int) -> None:
        with connection.makefile("rb") as stream:
            while (request := _read_request(stream, number)) is not None:
                if not _deliver(connection, stream, self._respond(request)):
                    return
                if request.headers.get("Connection", "").lower() == "close":
                    return


def _shut(connection: socket.socket) -> None:
    # Not SSLSocket's own method: that one takes the TLS state from under the thread that reads.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _read_request(stream: io.BufferedReader, number: int) -> Request | None:
    """The next request; None at the end, or where what comes is none."""
    words = stream.readline(65536).decode("latin-1").split()
    try:
        method, target, _ = words
        headers = http.client.parse_headers(stream)
        length = int(headers.get("Content-Length", "0"))
    except (ValueError, http.client.HTTPException):
        return None
    body = stream.read(length)
    return Request(method, target, headers, body, number) if len(body) == length else None


def _deliver(connection: socket.socket, stream: io.BufferedReader, response: Response) -> bool:
    """Send the response as its delivery says; return whether the connection stays usable."""
    head, body, half = _head(response), response.body, len(response.body) // 2
    match response.delivery:
        case Delivery.WHOLE | Delivery.TOO_LONG:
            connection.sendall(head + body)
            return True
        case Delivery.TWICE:
            connection.sendall(2 * (head + body))  # so that the second does not come much later
            return True
        case Delivery.CHUNKED:
            connection.sendall(head + _chunk(body[:half]) + _chunk(body[half:]) + b"0\r\n\r\n")
            return True
        case Delivery.CLOSE_AFTER | Delivery.ANNOUNCED_CLOSE:
            connection.sendall(head + body)
        case Delivery.TRUNCATED:
            connection.sendall(head + body[:half])
        case Delivery.HANG:
            stream.read(1)  # until the client gives up or the service closes
        case Delivery.HANG_IN_BODY:
            connection.sendall(head + body[:half])
            stream.read(1)
        case Delivery.RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        case Delivery.RESET_IN_BODY:
            connection.sendall(head + body[:half])
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
    return False


def _head(response: Response) -> bytes:
    fields = [("Content-Type", response.content_type), *response.headers]
    match response.delivery:
        case Delivery.CHUNKED:
            fields.append(("Transfer-Encoding", "chunked"))
        case Delivery.TOO_LONG:
            fields.append(("Content-Length", str(len(response.body) // 2)))
        case _:
            fields.append(("Content-Length", str(len(response.body))))
    if response.delivery is Delivery.ANNOUNCED_CLOSE:
        fields.append(("Connection", "close"))
    reason = http.HTTPStatus(response.status).phrase
    lines = [f"HTTP/1.1 {response.status} {reason}", *(f"{k}: {v}" for k, v in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n" if data else b""

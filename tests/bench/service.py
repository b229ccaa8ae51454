"""A lean HTTP/1.1 server: it checks nothing, so that its own time does not show."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Self

Answer = Callable[[bytes, bytes], bytes | None]
"""From a request's head and body to the whole response; None leaves the client waiting."""

# Connections at a time; their threads wait in accept(), so that none has to be started first.
_CONNECTIONS = 6
_CHUNK = 65536


class Service:
    """Serves on a port of the loopback interface for the time of a `with` block.

    Args:
        answer: Called when a request is whole, on the connection's thread.
        tls: The server's side of TLS, or None for plain HTTP.
    """

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [
            threading.Thread(target=self._serve, name=f"service-{number}", daemon=True)
            for number in range(_CONNECTIONS)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes those who wait in accept()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):  # clients are killed
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._session(connection) as session:
                    self._converse(session)

    def _session(self, connection: socket.socket) -> socket.socket:
        """What requests come over: the connection, with TLS where that is served."""
        if self._tls is None:
            return connection
        return self._tls.wrap_socket(connection, server_side=True)

    def _converse(self, connection: socket.socket) -> None:
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                if not (more := connection.recv(_CHUNK)):
                    return
                data += more
            head, _, data = data.partition(b"\r\n\r\n")
            length = int(header(head, b"content-length") or 0)
            while len(data) < length:
                if not (more := connection.recv(_CHUNK)):
                    return
                data += more
            body, data = data[:length], data[length:]
            if (response := self._answer(head, body)) is not None:
                connection.sendall(response)


def header(head: bytes, wanted: bytes) -> bytes:
    """The value of a header, by its name in lower case; empty where there is none."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == wanted:
            return value.strip()
    return b""


def response(body: bytes, *headers: bytes) -> bytes:
    """A response with status 200 and a body of JSON."""
    lines = (b"HTTP/1.1 200 OK", b"Content-Type: application/json", *headers)
    return b"\r\n".join((*lines, b"Content-Length: %d\r\n" % len(body), body))

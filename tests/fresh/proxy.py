"""A forward proxy on loopback that counts what passes through it."""

import http.client
import socket
import threading
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

_HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding"}
_BYTES_AT_ONCE = 1 << 16
_SECONDS = 60.0


class Proxy:
    """Tunnels `CONNECT` and forwards `GET`, for the time of a `with` block.

    Args:
        listener: The socket where it is asked. It may be another network namespace's; what is
            asked for is sought in this one.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.hosts: Counter[str] = Counter()
        """How often each host was asked for."""
        handler = type("_Counting", (_Handler,), {"hosts": self.hosts})
        self._server = _Server(listener.getsockname(), handler, False)
        self._server.socket.close()
        self._server.socket = listener
        self._thread = threading.Thread(target=self._server.serve_forever, name="proxy")

    @property
    def port(self) -> int:
        """Where it is asked."""
        port: int = self._server.socket.getsockname()[1]
        return port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Nothing: who gives up before an answer has come is free to."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hosts: Counter[str]

    def do_CONNECT(self) -> None:
        host, _, port = self.path.rpartition(":")
        self.hosts[host] += 1
        self.close_connection = True
        try:
            far = socket.create_connection((host.strip("[]"), int(port)), _SECONDS)
        except OSError as error:
            self.send_error(502, str(error))
            return
        with far:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pump, args=(far, self.connection))
            back.start()
            _pump(self.connection, far)
            back.join()

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        self.hosts[asked.hostname or ""] += 1
        wanted = {n: v for n, v in self.headers.items() if n.lower() not in _HOP_BY_HOP}
        line = http.client.HTTPConnection(asked.netloc, timeout=_SECONDS)
        try:
            line.request("GET", asked._replace(scheme="", netloc="").geturl(), headers=wanted)
            self._relay(line.getresponse())
        except (OSError, http.client.HTTPException) as error:
            self.close_connection = True
            self.send_error(502, str(error))
        finally:
            line.close()

    def _relay(self, answer: http.client.HTTPResponse) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        if answer.length is None:  # its end is the connection's
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        while data := answer.read(_BYTES_AT_ONCE):
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the counts are what it tells."""


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_BYTES_AT_ONCE):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)

"""An HTTP proxy that opens tunnels, and notes where to; it looks no host up.

with ConnectProxy({"ssm.eu-west-1.amazonaws.com:443": aws.port}) as proxy:
subprocess.run([…], env={"HTTPS_PROXY": proxy.url, …})
"""

import base64
import contextlib
import http.client
import socket
import threading
from collections.abc import Mapping
from typing import Self

from tests.fakes.http_service import LOOPBACK
from tests.patience import PATIENCE


class ConnectProxy:
    """A proxy, until the `with` block ends.

    Args:
        servers: The port on 127.0.0.1 of each server, by `host:port`.
        user: Who may use it, as `user:password`; empty for everybody.

    Attributes:
        answer: What to answer instead of opening a tunnel, whole; empty for nothing else.
        silent: Whether to answer nothing at all.
    """

    def __init__(self, servers: Mapping[str, int], user: str = "") -> None:
        self.servers = dict(servers)
        self.answer = b""
        self.silent = False
        self._wanted = f"Basic {base64.b64encode(user.encode()).decode()}" if user else ""
        self._lock = threading.Lock()
        self._asked: list[str] = []
        self._sockets: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((LOOPBACK, 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shut(self._listener)
        with self._lock:
            opened = list(self._sockets)
        for each in opened:
            self._shut(each)
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()

    @property
    def url(self) -> str:
        """Where it is, without a user."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def asked(self) -> list[str]:
        """The hosts and ports that it was asked for."""
        with self._lock:
            return list(self._asked)

    def open_to_all(self) -> None:
        """Want no credentials from now on."""
        self._wanted = ""

    def _start(self, target: object, *arguments: socket.socket) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._sockets.add(client)
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        try:
            with client.makefile("rb", buffering=0) as stream:
                request = stream.readline().decode("latin-1").split()
                headers = http.client.parse_headers(stream)
            named = headers.get("Host", "").partition(":")[0]
            if request[0] != "CONNECT" or not named or named != request[1].partition(":")[0]:
                client.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
                return
            with self._lock:
                self._asked.append(request[1])
            self._answer(client, request[1], headers.get("Proxy-Authorization", ""))
        except OSError:
            pass
        finally:
            with self._lock:
                self._sockets.discard(client)
            client.close()

    def _answer(self, client: socket.socket, server: str, authorization: str) -> None:
        if self.silent:
            client.recv(1)
        elif self.answer:
            client.sendall(self.answer)
        elif authorization != self._wanted:
            challenge = b'Proxy-Authenticate: Basic realm="fake"\r\nContent-Length: 3\r\n\r\nno\n'
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n" + challenge)
        elif server not in self.servers:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        else:
            with socket.create_connection((LOOPBACK, self.servers[server])) as upstream:
                with self._lock:
                    self._sockets.add(upstream)
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self._start(_copy, upstream, client)
                _copy(client, upstream)
                with self._lock:
                    self._sockets.discard(upstream)

    def _shut(self, each: socket.socket) -> None:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass

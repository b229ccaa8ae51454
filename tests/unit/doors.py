"""A server with few places, and clients at its doors."""

import socket
from collections.abc import Callable
from typing import ClassVar

from extension.server import Server
from tests.patience import PATIENCE
from tests.unit.hand_loop import HandLoop

MOST = 3
"""Readers that are served at once."""
REQUEST = b"GET / HTTP/1.1\r\n\r\n"


class Listener(socket.socket):
    """A listening socket that fails to accept where a test says so, each time with a reason."""

    failures: ClassVar[list[int]] = []

    def _accept(self) -> tuple[int, object]:
        if self.failures:
            raise OSError(self.failures.pop(), "no more")
        accepted: tuple[int, object] = super()._accept()  # type: ignore[misc]
        return accepted


class Doors:
    """A server that serves three readers at once, and clients at its doors.

    Attributes:
        loop: What serves them.
        server: The server.
        waiting: The replies that are owed; `hold` has requests wait for theirs.
        hold: Whether requests wait.
        says: What the others are answered.
        ends: Whether each answer is the last of its connection.
    """

    def __init__(self) -> None:
        self.loop = HandLoop()
        self._listener = Listener()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self._listener.setblocking(False)
        self._address = self._listener.getsockname()
        self.server = Server(self.loop, self._listener, self._answer, MOST)
        self.waiting: list[Callable[[bytes, bool], None]] = []
        self.hold = False
        self.says = b"answer"
        self.ends = False
        self._clients: list[socket.socket] = []

    def _answer(self, _head: bytes, reply: Callable[[bytes, bool], None]) -> None:
        if self.hold:
            self.waiting.append(reply)
        else:
            reply(self.says, not self.ends)

    def knock(self) -> socket.socket:
        """Connect, and wait to be let in."""
        client = socket.create_connection(self._address)
        client.setblocking(False)
        self._clients.append(client)
        return client

    def enter(self, first: bytes = b"") -> socket.socket:
        """Connect, and send something."""
        client = self.knock()
        client.sendall(first)
        self.loop.settle()
        return client

    def pass_seconds(self, count: int) -> None:
        """Let so many seconds pass."""
        for _ in range(count):
            self.loop.pass_time()
            self.loop.settle()

    def close(self) -> None:
        """Send everybody home."""
        for client in self._clients:
            client.close()
        self.loop.settle()
        if self._listener.fileno() >= 0:
            self.server.close_listener()


def heard(client: socket.socket) -> str:
    """What a client has heard: `nothing`, `the end`, or the start of an answer."""
    try:
        return client.recv(1 << 16)[:12].decode() or "the end"
    except BlockingIOError:
        return "nothing"


def heard_whole(client: socket.socket) -> bytes:
    """All that a client hears before the endpoint ends the connection.

    Raises:
        TimeoutError: It does not end it.
    """
    client.settimeout(PATIENCE)
    return b"".join(iter(lambda: client.recv(1 << 20), b""))

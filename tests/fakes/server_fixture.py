"""A server with few places, and clients of it.

What a client sends is at the server when `send` returns, and what it is to hear is waited for: the
kernel carries both a moment later where it is busy.
"""

import os
import select
import socket
from collections.abc import Callable, Sequence
from typing import Any

from extension.endpoint.responses import problem
from extension.endpoint.responses.problem import Problem, Refused
from extension.endpoint.server.server import Server
from extension.http.messages import build_response
from tests.fakes.hand_loop import HandLoop
from tests.patience import PATIENCE

MOST = 3
"""Readers that are served at once, and as many anonymous ones."""
TOKEN_LINE = b"Token: right\r\n"
REQUEST = b"GET / HTTP/1.1\r\n" + TOKEN_LINE + b"\r\n"
ANONYMOUS = b"GET / HTTP/1.1\r\n\r\n"
_BUFFER = 1 << 15  # bytes, which the kernel doubles; unset, it lets both sides' grow


class Listener(socket.socket):
    """A listening socket that fails to accept where a test says so, each time with a reason.

    Attributes:
        failures: The reasons.
        accepted: The descriptors of whom it has accepted, by their addresses.
    """

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[int] = []
        self.accepted: dict[object, int] = {}

    def _accept(self) -> tuple[int, object]:
        if self.failures:
            raise OSError(self.failures.pop(), "no more")
        descriptor, address = super()._accept()  # type: ignore[misc]
        self.accepted[address] = descriptor
        return descriptor, address


class ServerFixture:
    """A server with places for three that show the token and three that do not.

    Attributes:
        listener: Where they come in.
        loop: What serves them.
        server: The server.
        waiting: The replies that are owed; `hold` has requests wait for theirs.
        hold: Whether requests wait.
        says: What the others are answered.
        ends: Whether each answer is the last of its connection.
    """

    def __init__(self) -> None:
        self.loop = HandLoop()
        self.listener = Listener()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen()
        self.listener.setblocking(False)
        self.server = Server(self.loop, self.listener, self._answer, _refuse, MOST, MOST)
        self.waiting: list[Callable[[bytes, bool], None]] = []
        self.hold = False
        self.says = b"answer"
        self.ends = False
        self._clients: list[socket.socket] = []

    def _answer(
        self, head: bytes, reply: Callable[[bytes, bool], None], admit: Callable[[], None]
    ) -> None:
        try:
            if TOKEN_LINE.strip() in head:
                admit()
        except Refused as refused:
            _refuse(head, refused.problem, reply)
            return
        if self.hold:
            self.waiting.append(reply)
        else:
            reply(self.says, not self.ends)

    def knock(self) -> socket.socket:
        """Connect, and wait to be let in."""
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        client.settimeout(PATIENCE)
        client.connect(self.listener.getsockname())
        _wait_for([self.listener])
        client.setblocking(False)
        self._clients.append(client)
        return client

    def connect(self, first: bytes = b"") -> socket.socket:
        """Connect, and send something."""
        client = self.knock()
        self.loop.settle()
        if first:
            self.send(client, first)
            self.loop.settle()
        return client

    def send(self, client: socket.socket, data: bytes) -> None:
        """Send something, which the server has not looked at yet."""
        client.sendall(data)
        if not data:
            return
        if inside := self._inside(client):
            _wait_for([inside])

    def admit_first(self, client: socket.socket) -> None:
        """Have the server hear of this client before the others from whom something has come."""
        self.loop.call_back(self._inside(client))
        self.loop.settle()

    def leave(self, client: socket.socket) -> None:
        """Close a client's side, and let the server see it."""
        inside = self._inside(client)
        client.close()
        _wait_for([inside])
        self.loop.settle()

    def take_some(self, client: socket.socket) -> None:
        """Have a client take of an answer until there is room for more of it."""
        inside = self._inside(client)
        while inside not in _wait_for([client], [inside]):
            client.recv(_BUFFER)

    def widen(self, client: socket.socket) -> None:
        """Let the server's side of a connection hold a little more, as a kernel does by itself.

        So it takes a few bytes more, and yet is not writable (tcp(7), SO_SNDBUF).
        """
        with socket.socket(fileno=os.dup(self._inside(client))) as inside:
            size = inside.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)  # twice what was set
            inside.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size * 21 // 40)
            assert not select.select([], [inside], [], 0)[1]

    def pass_seconds(self, count: int) -> None:
        """Let so many seconds pass."""
        for _ in range(count):
            self.loop.pass_time()
            self.loop.settle()

    def received(self, client: socket.socket) -> str:
        """What a client hears next: `the end`, or the start of an answer."""
        while True:
            ready = _wait_for([client, self.loop])
            self.loop.settle()
            if client in ready:
                return client.recv(1 << 16)[:12].decode() or "the end"

    def seconds_until_served(self) -> int:
        """Let seconds pass until a newcomer is served, and say how many it took."""
        seconds = 1
        self.pass_seconds(1)
        while self.received(self.connect(REQUEST)) != "answer":
            seconds += 1
            self.pass_seconds(1)
        return seconds

    def close(self) -> None:
        """Leave, all of them, and end the server."""
        for client in self._clients:
            client.close()
        self.loop.settle()
        while not self.server.drain():
            pass

    def _inside(self, client: socket.socket) -> int:
        """The server's side of a connection, or 0 while it is not accepted."""
        return self.listener.accepted.get(client.getsockname(), 0)


def has_heard_nothing(client: socket.socket) -> bool:
    """Whether a client has heard neither an answer nor the end."""
    try:
        client.recv(1)
    except BlockingIOError:
        return True
    return False


def received_by_the_first_to_end(clients: Sequence[socket.socket]) -> bytes:
    """All that was heard by the one of these clients whose connection the server has ended."""
    heard = dict.fromkeys(clients, b"")
    while True:
        for client in _wait_for(clients):
            part = client.recv(_BUFFER)
            if not part:
                return heard[client]
            heard[client] += part


def _refuse(_: bytes, why: Problem, reply: Callable[[bytes, bool], None]) -> None:
    reply(build_response(problem.response(why)), False)


def _wait_for(readable: Sequence[Any], writable: Sequence[Any] = ()) -> list[Any]:
    """Wait until some of these can be read, or written to; return those."""
    can_be_read, can_be_written, _ = select.select(readable, writable, [], PATIENCE)
    if not (can_be_read or can_be_written):
        raise TimeoutError("nothing came")
    return can_be_read + can_be_written

"""The endpoint's server: accepts connections on the loop, and closes them on shutdown.

Theory of operation: which connections are served is told in `connections`. Idle ones are found by
sweeps (see `ClientConnection`), while there are many or a client is slow; a few quick clients cost
no timer.

On shutdown, connections that wait in the backlog are accepted, and requests that have arrived are
handled: closing a listener resets what waits there, and closing a connection resets it where a
request is unread.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from ...http.loop import READABLE, Loop, is_ready
from . import unix_socket
from .client_connection import Admit, ClientConnection, Refuse, Respond
from .connections import MOST, MOST_ANONYMOUS, Connections

_AT_ONE_GO = 64  # connections that are accepted before those that are there have their turn
_SWEEP = 1.0  # seconds from one to the next
_PAUSE = 0.05  # seconds


class Server:
    """Accepts connections.

    Args:
        loop: the loop that serves them.
        listener: a listening, non-blocking socket.
        handle: answers a request's head; see `ClientConnection`.
        refuse: answers what does not become one; likewise.
        most: how many authenticated connections are served at once.
        most_anonymous: how many anonymous ones are.
    """

    __slots__ = ("_connections", "_handle", "_listener", "_loop", "_refuse", "_sweeping")

    def __init__(
        self,
        loop: Loop,
        listener: socket.socket,
        handle: Callable[[bytes, Respond, Admit], None],
        refuse: Refuse,
        most: int = MOST,
        most_anonymous: int = MOST_ANONYMOUS,
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._handle = handle
        self._refuse = refuse
        self._connections = Connections(most, most_anonymous)
        self._sweeping = False
        loop.watch(listener.fileno(), READABLE, self._accept)

    def drain(self) -> bool:
        """Accept the connections that wait, then no more; read what has arrived.

        To be called again and again: where there is no room for all of them at once, connections
        that are owed nothing make room for the next.

        Returns:
            Whether no client is owed a response.
        """
        if not self._connections.draining:
            self._connections.draining = True
            self._loop.forget(self._listener.fileno())
        while self._is_listening and self._accept_one():
            pass
        for connection in self._connections:
            connection.receive()
        if not self._is_listening:
            return all(connection.idle for connection in self._connections)
        self._connections.close_idle()
        return False

    @property
    def _is_listening(self) -> bool:
        return self._listener.fileno() >= 0

    def _accept(self, _events: int) -> None:
        """Accept many at one go: who has the token waits behind a crowd that comes without it."""
        for _ in range(_AT_ONE_GO):
            if not self._accept_one():
                break

    def _accept_one(self) -> bool:
        """Accept a connection, and say whether more may be waiting."""
        if self._connections.is_full and is_ready(self._listener.fileno(), READABLE):
            self._connections.make_room()
            if self._connections.is_full:
                self._pause()
                return False
        try:
            sock, _ = self._listener.accept()
        except BlockingIOError:
            if self._connections.draining:
                self._listener.close()
            return False
        except ConnectionError:  # the client is gone again
            return True
        except OSError:  # there are no more descriptors, or there is no more memory
            self._pause()
            return False
        self._serve(sock)
        return True

    def _serve(self, sock: socket.socket) -> None:
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        elif not unix_socket.is_own(sock):
            sock.close()
            return
        sock.setblocking(False)
        self._connections.add(
            ClientConnection(
                self._loop,
                sock,
                self._handle,
                self._refuse,
                self._admit,
                self._connections.forget,
                self._begin_sweeping,
            )
        )

    def _admit(self, connection: ClientConnection) -> None:
        self._connections.admit(connection)
        if self._connections.is_crowded:
            self._begin_sweeping()

    def _begin_sweeping(self) -> None:
        if not self._sweeping:
            self._sweeping = True
            self._loop.call_later(_SWEEP, self._sweep)

    def _sweep(self) -> None:
        for connection in self._connections:
            connection.sweep()
        self._sweeping = False
        if self._connections.is_crowded or any(each.keeps_waiting for each in self._connections):
            self._begin_sweeping()

    def _pause(self) -> None:
        """Leave new connections in the backlog for a while, for which the loop would busy-loop."""
        if not self._connections.draining:
            self._loop.change(self._listener.fileno(), 0)
            self._loop.call_later(_PAUSE, self._resume)

    def _resume(self) -> None:
        if not self._connections.draining:
            self._loop.change(self._listener.fileno(), READABLE)

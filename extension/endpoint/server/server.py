"""The endpoint's server: accepts connections on the loop, and closes them on shutdown.

Theory of operation: a connection is *anonymous* until a request on it has shown the token, then
*authenticated*. The two are limited apart, so that no client without the token keeps out one that
has it.

Anonymous connections make room for a new one at any time: those that were sent a response first,
then the oldest. What has arrived on a connection is read before it is closed, so
one that shows the token by then stays open.

Of authenticated ones `MOST` are served at once. One more takes the place of a connection that was
sent its last response and does not close, else of the one that has been idle, or has read nothing
of its response, for longest. Only where all were active within the last second, or wait for a
response, is it refused with 503. Idle connections are found by sweeps (see `ClientConnection`),
while there are many or a client is slow; a few quick clients cost no timer.

Connections of clients never use up the descriptors that calls upstream need: where those run short,
anonymous and idle connections are closed, else new ones wait to be accepted.

On shutdown, connections that wait in the backlog are accepted, and requests that have arrived are
handled: closing a listener resets what waits there, and closing a connection resets it where a
request is unread.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from ...http.loop import READABLE, Loop, is_ready
from ..responses.problem import Problem, Refused
from . import unix_socket
from .client_connection import Admit, ClientConnection, Refuse, Respond

MOST = 512  # authenticated connections; Lambda gives a process 1,024 descriptors
MOST_ANONYMOUS = 384  # a newcomer is closed only after as many others came before it sent a request
_RESERVE = 128  # descriptors that are not for clients; two services have up to 32 connections each
_QUIET_SWEEPS = 2  # after which a connection may have to make room: between one and two seconds
_AT_ONE_GO = 64  # connections that are accepted before those that are there have their turn
_SWEEP = 1.0  # seconds from one to the next
_PAUSE = 0.05  # seconds
_BUSY = Problem(
    503,
    "busy",
    f"{MOST} connections that have shown the token are open, which is the limit",
    "keep connections alive and share them, or close those that are idle",
    (("Retry-After", "1"),),
)


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

    __slots__ = (
        "_anonymous",
        "_authenticated",
        "_draining",
        "_handle",
        "_listener",
        "_loop",
        "_most",
        "_most_anonymous",
        "_refuse",
        "_sweeping",
    )

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
        self._most = most
        self._most_anonymous = most_anonymous
        # In the order in which they came.
        self._anonymous: dict[ClientConnection, None] = {}
        self._authenticated: dict[ClientConnection, None] = {}
        self._sweeping = False
        self._draining = False
        loop.watch(listener.fileno(), READABLE, self._accept)

    def drain(self) -> bool:
        """Accept the connections that wait, then no more; read what has arrived.

        To be called again and again: where there is no room for all of them at once, connections
        that are owed nothing make room for the next.

        Returns:
            Whether no client is owed a response.
        """
        if not self._draining:
            self._draining = True
            self._loop.forget(self._listener.fileno())
        while self._is_listening and self._accept_one():
            pass
        for connection in self._connections():
            connection.receive()
        if not self._is_listening:
            return all(connection.idle for connection in self._connections())
        self._close_idle()
        return False

    @property
    def _is_listening(self) -> bool:
        return self._listener.fileno() >= 0

    def _connections(self) -> list[ClientConnection]:
        return [*self._anonymous, *self._authenticated]

    def _accept(self, _events: int) -> None:
        """Accept many at one go: who has the token waits behind a crowd that comes without it."""
        for _ in range(_AT_ONE_GO):
            if not self._accept_one():
                break

    def _accept_one(self) -> bool:
        """Accept a connection, and say whether more may be waiting."""
        if not self._has_descriptors():
            self._pause()
            return False
        try:
            sock, _ = self._listener.accept()
        except BlockingIOError:
            if self._draining:
                self._listener.close()
            return False
        except ConnectionError:  # the client is gone again
            return True
        except OSError:  # there are no more descriptors, or there is no more memory
            self._pause()
            return False
        if sock.family == socket.AF_UNIX and not unix_socket.is_own(sock):
            sock.close()
            return True
        sock.setblocking(False)
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = ClientConnection(
            self._loop,
            sock,
            self._handle,
            self._refuse,
            self._admit,
            self._forget,
            self._begin_sweeping,
        )
        self._anonymous[connection] = None
        if len(self._anonymous) > self._most_anonymous:
            self._close_an_anonymous_one()
        return True

    def _has_descriptors(self) -> bool:
        """Free a descriptor if a new connection needs one; say whether there is one for it."""
        room = _room()
        if len(self._connections()) < room or not is_ready(self._listener.fileno(), READABLE):
            return True
        if self._draining:
            self._close_idle()
        elif self._anonymous:
            self._close_an_anonymous_one()
        if len(self._connections()) >= room:
            self._close_a_quiet_one()
        return len(self._connections()) < room

    def _admit(self, connection: ClientConnection) -> None:
        """Count a connection among those that have shown the token.

        Raises:
            Refused: there is no room.
        """
        if len(self._authenticated) >= self._most:
            if self._draining:
                self._close_idle()
            elif not self._close_a_quiet_one():
                raise Refused(_BUSY)
        del self._anonymous[connection]
        self._authenticated[connection] = None
        if self._is_crowded():
            self._begin_sweeping()

    def _forget(self, connection: ClientConnection) -> None:
        self._anonymous.pop(connection, None)
        self._authenticated.pop(connection, None)

    def _is_crowded(self) -> bool:
        return len(self._authenticated) > min(self._most, _room()) // 2

    def _close_an_anonymous_one(self) -> None:
        """Close the first of them; one that shows the token at last leaves their number, too."""
        *others, newcomer = self._anonymous
        connection = min(
            others,
            key=lambda each: (not each.lingers, each.waiting, not each.answered),
            default=newcomer,
        )
        connection.close_unless_authenticated()

    def _close_a_quiet_one(self) -> bool:
        """Close the quietest authenticated one, unless its client has just done its part.

        Returns:
            Whether one was closed.
        """
        before = len(self._authenticated)
        quiet = [
            connection
            for connection in self._authenticated
            if (connection.quiet >= _QUIET_SWEEPS or connection.lingers) and not connection.waiting
        ]
        quiet.sort(key=lambda connection: (not connection.lingers, -connection.quiet))
        for connection in quiet:
            connection.make_room()
            if len(self._authenticated) < before:
                return True
        return False

    def _close_idle(self) -> None:
        """Close the connections that are owed nothing."""
        for connection in self._connections():
            connection.receive()
            if connection.idle:
                connection.close()

    def _begin_sweeping(self) -> None:
        if not self._sweeping:
            self._sweeping = True
            self._loop.call_later(_SWEEP, self._sweep)

    def _sweep(self) -> None:
        for connection in self._connections():
            connection.sweep()
        self._sweeping = False
        if self._is_crowded() or any(each.keeps_waiting for each in self._connections()):
            self._begin_sweeping()

    def _pause(self) -> None:
        """Leave new connections in the backlog for a while, for which the loop would busy-loop."""
        if not self._draining:
            self._loop.change(self._listener.fileno(), 0)
            self._loop.call_later(_PAUSE, self._resume)

    def _resume(self) -> None:
        if not self._draining:
            self._loop.change(self._listener.fileno(), READABLE)


def _room() -> int:
    """How many connections there may be."""
    limit = os.sysconf("SC_OPEN_MAX")
    most = MOST + MOST_ANONYMOUS
    return most if limit < 0 else min(most, max(limit - _RESERVE, limit // 2))

"""The endpoint's server: accepts readers on the loop, and closes their connections at the end.

Theory of operation: a connection is *anonymous* until a request on it has shown the token, then
*authenticated*. The two have places of their own, so that nobody without the token keeps out a
reader that has it.

Anonymous ones are few, and make room for a newcomer at any time: those that have had an answer
first, then whoever has been here for longest. What has arrived on a connection is read before it is
closed, so one that shows the token by then is not.

Of authenticated ones `MOST` are served at once. One more takes the place of another that has had
its last answer and does not close, else of one that has been quiet for longest, or takes nothing of
its answer. Only where all were active within the last second, or wait for an answer, is it told to
come again (503). Who is quiet is found out by sweeps (see `ClientConnection`), while there is a
crowd or somebody is slow; a few quick readers cost no timer.

Readers never have the descriptors that calls upstream need: where those run short, anonymous
readers and quiet ones make room, else newcomers wait to be accepted.

At the end, whoever has connected is accepted, and what has arrived is answered: to close a listener
resets the connections that wait there, and to close a connection resets it where a request is
unread.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from ...http.loop import READABLE, Loop
from ..problem import Problem, Refused
from .client_connection import Admit, ClientConnection, Reply

MOST = 512  # authenticated readers that are served; Lambda gives a process 1,024 descriptors
MOST_ANONYMOUS = 128
_RESERVE = 128  # descriptors that are not for readers; two services have up to 32 connections each
_QUIET = 2  # sweeps after which a reader may have to make room: between one and two seconds
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
    """Accepts readers.

    Args:
        loop: the loop that serves them.
        listener: a listening, non-blocking socket.
        answer: answers a request's head; see `ClientConnection`.
        most: how many authenticated readers are served at once.
        most_anonymous: how many anonymous ones are.
    """

    __slots__ = (
        "_anonymous",
        "_answer",
        "_authenticated",
        "_draining",
        "_listener",
        "_loop",
        "_most",
        "_most_anonymous",
        "_sweeping",
    )

    def __init__(
        self,
        loop: Loop,
        listener: socket.socket,
        answer: Callable[[bytes, Reply, Admit], None],
        most: int = MOST,
        most_anonymous: int = MOST_ANONYMOUS,
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._answer = answer
        self._most = most
        self._most_anonymous = most_anonymous
        # In the order in which they came.
        self._anonymous: dict[ClientConnection, None] = {}
        self._authenticated: dict[ClientConnection, None] = {}
        self._sweeping = False
        self._draining = False
        loop.watch(listener.fileno(), READABLE, self._accept)

    def drain(self) -> bool:
        """Accept those who have connected, then nobody any more; read what has arrived.

        To be called again and again: where there is no room for all of them at once, who is owed
        nothing makes room for the next.

        Returns:
            Whether nobody is owed an answer.
        """
        if not self._draining:
            self._draining = True
            self._loop.forget(self._listener.fileno())
        while self._is_listening and self._accept_one():
            pass
        for reader in self._readers():
            reader.receive()
        if not self._is_listening:
            return all(reader.idle for reader in self._readers())
        self._close_idle()
        return False

    @property
    def _is_listening(self) -> bool:
        return self._listener.fileno() >= 0

    def _readers(self) -> list[ClientConnection]:
        return [*self._anonymous, *self._authenticated]

    def _accept(self, _events: int) -> None:
        self._accept_one()

    def _accept_one(self) -> bool:
        """Accept a reader, and say whether more may be waiting."""
        if not self._has_descriptors():
            self._pause()
            return False
        try:
            sock, _ = self._listener.accept()
        except BlockingIOError:
            if self._draining:
                self._listener.close()
            return False
        except ConnectionError:  # the reader is gone again
            return True
        except OSError:  # there are no more descriptors, or there is no more memory
            self._pause()
            return False
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = ClientConnection(
            self._loop, sock, self._answer, self._admit, self._forget, self._begin_sweeping
        )
        self._anonymous[reader] = None
        if len(self._anonymous) > self._most_anonymous:
            self._close_an_anonymous_one()
        return True

    def _has_descriptors(self) -> bool:
        """Free a descriptor if need be; say whether there is one for a newcomer."""
        room = _room()
        if len(self._readers()) < room:
            return True
        if self._draining:
            self._close_idle()
        elif self._anonymous:
            self._close_an_anonymous_one()
        if len(self._readers()) >= room:
            self._close_a_quiet_one()
        return len(self._readers()) < room

    def _admit(self, reader: ClientConnection) -> None:
        """Count a reader among those that have shown the token.

        Raises:
            Refused: there is no room.
        """
        if len(self._authenticated) >= self._most:
            if self._draining:
                self._close_idle()
            elif not self._close_a_quiet_one():
                raise Refused(_BUSY)
        del self._anonymous[reader]
        self._authenticated[reader] = None
        if self._is_crowded():
            self._begin_sweeping()

    def _forget(self, reader: ClientConnection) -> None:
        self._anonymous.pop(reader, None)
        self._authenticated.pop(reader, None)

    def _is_crowded(self) -> bool:
        return len(self._authenticated) > min(self._most, _room()) // 2

    def _close_an_anonymous_one(self) -> None:
        """The first of them, unless it shows the token at last; then there is one less, too."""
        *others, newcomer = self._anonymous
        reader = min(
            others,
            key=lambda reader: (not reader.lingers, reader.waiting, not reader.answered),
            default=newcomer,
        )
        reader.close_unless_authenticated()

    def _close_a_quiet_one(self) -> bool:
        """The quietest authenticated one, unless its client has just done its part; say whether."""
        before = len(self._authenticated)
        quiet = [
            reader
            for reader in self._authenticated
            if (reader.quiet >= _QUIET or reader.lingers) and not reader.waiting
        ]
        quiet.sort(key=lambda reader: (not reader.lingers, -reader.quiet))
        for reader in quiet:
            reader.make_room()
            if len(self._authenticated) < before:
                return True
        return False

    def _close_idle(self) -> None:
        """Close those who are owed nothing."""
        for reader in self._readers():
            reader.receive()
            if reader.idle:
                reader.close()

    def _begin_sweeping(self) -> None:
        if not self._sweeping:
            self._sweeping = True
            self._loop.call_later(_SWEEP, self._sweep)

    def _sweep(self) -> None:
        for reader in self._readers():
            reader.sweep()
        self._sweeping = False
        if self._is_crowded() or any(reader.keeps_waiting for reader in self._readers()):
            self._begin_sweeping()

    def _pause(self) -> None:
        """Let those who wait to be accepted wait on: the loop would turn round them in vain."""
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

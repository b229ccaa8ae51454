"""The endpoint's server: accepts readers on the loop, and closes their connections at the end.

Theory of operation: `most` readers are served at once. A newcomer beyond takes the place of
another: of one that has had its last answer and does not close, else of one that has been quiet
and never asked anything, or not yet all of it, else of the one that has been quiet for longest
since it was answered, or takes nothing of its answer. Only where all were active within the last
second, or wait for an answer, is it told to come again (503). So connections that nobody uses never
keep out a reader that has something to ask. Who is quiet is found out by sweeps (see
`ClientConnection`), while there is a crowd or somebody is slow; a few quick readers cost no timer.

Readers never have the descriptors that calls upstream need: where those run short, newcomers wait
to be accepted.

At the end, whoever has connected is accepted, and what has arrived is answered: to close a listener
resets the connections that wait there, and to close a connection resets it where a request is
unread.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from ..http.loop import READABLE, Loop
from ..http.messages import build_response
from . import problem
from .client_connection import ClientConnection, Reply
from .problem import Problem

MOST = 512  # readers that are served; Lambda gives a process 1,024 descriptors
_MOST_TURNED_AWAY = 256  # that are told so at one time
_RESERVE = 128  # descriptors that are not for readers; two services have up to 32 connections each
_QUIET = 2  # sweeps after which a reader may have to make room: between one and two seconds
_SWEEP = 1.0  # seconds from one to the next
_PAUSE = 0.05  # seconds
_BUSY = Problem(
    503,
    "busy",
    f"{MOST} connections are open, which is the limit",
    "keep connections alive and share them, or close those that are idle",
    (("Retry-After", "1"), ("Connection", "close")),
)


class Server:
    """Accepts readers.

    Args:
        loop: the loop that serves them.
        listener: a listening, non-blocking socket.
        answer: answers a request's head; see `ClientConnection`.
        most: how many readers are served at once.
    """

    __slots__ = ("_answer", "_draining", "_listener", "_loop", "_most", "_readers", "_sweeping")

    def __init__(
        self,
        loop: Loop,
        listener: socket.socket,
        answer: Callable[[bytes, Reply], None],
        most: int = MOST,
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._answer = answer
        self._most = most
        self._readers: dict[ClientConnection, None] = {}  # in the order in which they came
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
        for reader in list(self._readers):
            reader.receive()
        idle = [reader for reader in self._readers if reader.idle]
        if not self._is_listening:
            return len(idle) == len(self._readers)
        for reader in idle:
            reader.close()
        return False

    @property
    def _is_listening(self) -> bool:
        return self._listener.fileno() >= 0

    def _accept(self, _events: int) -> None:
        self._accept_one()

    def _accept_one(self) -> bool:
        """Accept a reader, and say whether more may be waiting."""
        if not self._make_room(_room()):
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
        answer = self._answer if self._make_room(self._most) else _turn_away
        reader = ClientConnection(self._loop, sock, answer, self._readers.pop, self._begin_sweeping)
        self._readers[reader] = None
        if self._is_crowded():
            self._begin_sweeping()
        return True

    def _is_crowded(self) -> bool:
        return len(self._readers) > min(self._most, _room()) // 2

    def _make_room(self, most: int) -> bool:
        """Send quiet readers home until there are fewer than so many; say whether there are."""
        if len(self._readers) < most:
            return True
        quiet = [
            reader
            for reader in self._readers
            if (reader.quiet >= _QUIET or reader.lingers) and not reader.waiting
        ]
        quiet.sort(key=lambda reader: (not reader.lingers, reader.answered, -reader.quiet))
        for reader in quiet:
            reader.make_room()
            if len(self._readers) < most:
                return True
        return False

    def _begin_sweeping(self) -> None:
        if not self._sweeping:
            self._sweeping = True
            self._loop.call_later(_SWEEP, self._sweep)

    def _sweep(self) -> None:
        for reader in list(self._readers):
            reader.sweep()
        self._sweeping = False
        if self._is_crowded() or any(reader.keeps_waiting for reader in self._readers):
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
    """How many readers there may be, those that are turned away included."""
    limit = os.sysconf("SC_OPEN_MAX")
    most = MOST + _MOST_TURNED_AWAY
    return most if limit < 0 else min(most, max(limit - _RESERVE, limit // 2))


def _turn_away(_head: bytes, reply: Reply) -> None:
    reply(build_response(problem.response(_BUSY)), False)

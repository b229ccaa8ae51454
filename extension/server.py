"""The endpoint's server: accepts readers on the loop, and sends them home at the end.

So many readers are served at once; those beyond are told to come again (503), and those far beyond
are turned away, so that descriptors are left for the calls upstream.
"""

from __future__ import annotations

import _socket
import errno

from . import problem
from .http1 import build_response
from .loop import READABLE
from .problem import Problem
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .loop import Loop
    from .reader import Reply


MOST = 512  # readers that are served; Lambda gives a process 1,024 descriptors
_MOST_TURNED_AWAY = 256  # that are told so at one time
_PAUSE = 0.05  # seconds
_BUSY = Problem(
    503,
    "busy",
    f"{MOST} connections are open, and no more are served at once",
    "keep connections alive and share them, or close those that are idle",
    (("Retry-After", "1"), ("Connection", "close")),
)


class Server:
    """Accepts readers.

    Args:
        loop: the loop that serves them.
        listener: a listening, non-blocking socket.
        answer: answers a request's head; see `Reader`.
    """

    __slots__ = ("_answer", "_listener", "_loop", "_readers")

    def __init__(
        self, loop: Loop, listener: _socket.socket, answer: Callable[[bytes, Reply], None]
    ) -> None:
        self._loop = loop
        self._listener = listener
        self._answer = answer
        self._readers: set[Reader] = set()
        loop.watch(listener.fileno(), READABLE, self._accept)

    @property
    def busy(self) -> bool:
        """Whether any reader is owed an answer."""
        return any(not reader.idle for reader in self._readers)

    def close_listener(self) -> None:
        """Take no more readers; those who are here go on."""
        self._loop.forget(self._listener.fileno())
        self._listener.close()

    def _accept(self, _events: int) -> None:
        try:
            descriptor, _ = self._listener._accept()  # type: ignore[attr-defined]
        except OSError as error:  # the reader is gone again
            if error.errno in (errno.EMFILE, errno.ENFILE):  # or there are no more descriptors
                self._pause()
            return
        sock = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM, 0, descriptor)
        if len(self._readers) >= MOST + _MOST_TURNED_AWAY:
            sock.close()
            return
        sock.setblocking(False)
        sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        answer = self._answer if len(self._readers) < MOST else _turn_away
        self._readers.add(Reader(self._loop, sock, answer, self._readers.discard))

    def _pause(self) -> None:
        """Let those who wait to be accepted wait on: the loop would turn round them in vain."""
        self._loop.change(self._listener.fileno(), 0)
        self._loop.call_later(_PAUSE, self._resume)

    def _resume(self) -> None:
        if self._listener.fileno() >= 0:  # it is not closed
            self._loop.change(self._listener.fileno(), READABLE)


def _turn_away(_head: bytes, reply: Reply) -> None:
    reply(build_response(problem.response(_BUSY)), False)

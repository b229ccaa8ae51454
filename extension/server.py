"""The endpoint's server: accepts readers on the loop, and sends them home at the end."""

from __future__ import annotations

import _socket
import errno

from .loop import READABLE
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .loop import Loop
    from .reader import Reply


_PAUSE = 0.05  # seconds


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
        sock.setblocking(False)
        sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self._readers.add(Reader(self._loop, sock, self._answer, self._readers.discard))

    def _pause(self) -> None:
        """Let those who wait to be accepted wait on: the loop would turn round them in vain."""
        self._loop.change(self._listener.fileno(), 0)
        self._loop.call_later(_PAUSE, self._resume)

    def _resume(self) -> None:
        if self._listener.fileno() >= 0:  # it is not closed
            self._loop.change(self._listener.fileno(), READABLE)

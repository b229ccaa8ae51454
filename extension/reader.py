"""A reader: one client's connection to the endpoint, served by the loop.

Requests on a connection are answered in order, one at a time. While one waits for its answer,
nothing more is read, so that a client that pipelines can't make us hold more than its own bytes.
"""

from __future__ import annotations

from _socket import SHUT_WR

from .http1 import END_OF_HEAD, LONGEST_HEAD
from .loop import READABLE, WRITABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _socket import socket
    from collections.abc import Callable

    from .loop import Loop

    Reply = Callable[[bytes, bool], None]

_CHUNK = 65536
_LINGER = 1.0  # seconds


class Reader:
    """Reads heads of requests, and sends the answers.

    Args:
        loop: the loop that serves it.
        sock: the accepted socket.
        answer: given a request's head, calls a reply, now or later, with the bytes to send and
            whether the connection lives on.
        closed: told when the connection is gone.
    """

    __slots__ = (
        "_advancing",
        "_answer",
        "_buffer",
        "_closed",
        "_descriptor",
        "_ending",
        "_events",
        "_loop",
        "_out",
        "_socket",
        "_waiting",
    )

    def __init__(
        self,
        loop: Loop,
        sock: socket,
        answer: Callable[[bytes, Reply], None],
        closed: Callable[[Reader], None],
    ) -> None:
        self._loop = loop
        self._socket = sock
        self._descriptor = sock.fileno()
        self._answer = answer
        self._closed = closed
        self._buffer = b""  # what came and was not answered yet
        self._out = b""  # what is to be sent
        self._waiting = False  # for an answer
        self._advancing = False
        self._ending = False  # nothing more is answered; what comes is thrown away
        self._events = READABLE
        loop.watch(self._descriptor, READABLE, self._ready)

    @property
    def idle(self) -> bool:
        """Whether nothing is owed to the client."""
        return not (self._waiting or self._out)

    def close(self) -> None:
        """End the connection at once."""
        if self._descriptor >= 0:
            self._loop.forget(self._descriptor)
            self._descriptor = -1
            self._socket.close()
            self._closed(self)

    def _ready(self, events: int) -> None:
        if events & WRITABLE:
            self._send()
            self._advance()
        elif events & READABLE:
            self._receive()
        else:  # an error or a hang-up alone: the client is gone
            self.close()

    def _receive(self) -> None:
        try:
            data = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
        elif not self._ending:
            self._buffer += data
            self._advance()

    def _advance(self) -> None:
        """Answer what the buffer holds, up to a request that must wait."""
        self._advancing = True
        while self._descriptor >= 0 and self.idle and not self._ending:
            head, end, rest = self._buffer.partition(END_OF_HEAD)
            if not end and len(head) < LONGEST_HEAD + len(END_OF_HEAD):  # it may be half there
                break
            self._buffer = rest
            self._waiting = True
            self._answer(head, self._reply)
        self._advancing = False
        self._watch()

    def _reply(self, answer: bytes, keep_alive: bool) -> None:
        if self._descriptor < 0:
            return  # the client has not waited for it
        self._waiting = False
        self._ending = not keep_alive
        self._out = answer
        self._send()
        if not self._advancing:
            self._advance()

    def _send(self) -> None:
        try:
            self._out = self._out[self._socket.send(self._out) :]
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        if self._ending and not self._out:
            self._end()

    def _end(self) -> None:
        """Say that no more comes, then wait for the client to close.

        Closing at once, with bytes unread, would reset the connection, and the client might never
        see the answer (RFC 9112 §9.6).
        """
        try:
            self._socket.shutdown(SHUT_WR)
        except OSError:
            self.close()
            return
        self._loop.call_later(_LINGER, self.close)

    def _watch(self) -> None:
        events = WRITABLE if self._out else 0 if self._waiting else READABLE
        if self._descriptor >= 0 and events != self._events:
            self._events = events
            self._loop.change(self._descriptor, events)

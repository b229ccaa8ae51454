"""One client's connection to the endpoint, served by the loop.

Requests on a connection are handled in order, one at a time. While one waits for its response,
nothing more is read, so that a client that pipelines can't make us hold more than its own bytes;
after a few of its requests, other connections have their turn.

Theory of operation: a client that has begun a head, or is sent a response, keeps the endpoint
waiting, and must go on within `_SLOW_SWEEPS`; between requests it may be idle for as long as it
likes, as clients of a frozen environment are. While any client keeps the endpoint waiting, the
server sweeps its connections once a second, and each counts the sweeps since its client last did
its part. Sweeps are counted rather than seconds, since there are none during a freeze, whatever the
clocks do meanwhile: a client that was frozen in the middle of a request finds its connection open.
"""

from __future__ import annotations

from collections.abc import Callable
from socket import SHUT_WR, socket

from ...http.loop import READABLE, WRITABLE, Loop, is_ready
from ...http.messages import next_head
from ..responses.problem import Problem

Respond = Callable[[bytes, bool], None]
Admit = Callable[[], None]
Refuse = Callable[[bytes, Problem, Respond], None]

# What arrives at one time: two of the longest heads. It is there before memory runs short.
_ARRIVED = memoryview(bytearray(16384))
_AT_ONE_GO = 8  # pipelined requests that are handled before other connections have their turn
_SLOW_SWEEPS = 10  # for a head, from its first byte on, and for reading some of a response
_LINGER_SWEEPS = 1  # for closing the connection after the last response
_TOO_SLOW = Problem(
    408,
    "too-slow",
    f"the request's head was not complete {_SLOW_SWEEPS} seconds after its first byte",
    "send a head in one piece, and an empty line at its end",
    (("Connection", "close"),),
)


class ClientConnection:
    """Reads heads of requests, and sends the responses.

    Args:
        loop: the loop that serves it.
        sock: the accepted socket.
        handle: given a request's head, calls the second argument, now or later, with the bytes to
            send and whether the connection lives on. Where the head shows the token it first calls
            the third, which raises `Refused` if there is no room.
        refuse: given as much of a head as there is, and a problem, responds with that.
        admit: told once when the token was shown; may raise `Refused`.
        closed: told when the connection is gone.
        slow: told when the client begins to keep the endpoint waiting.

    Attributes:
        answered: whether any request of it was.
        authenticated: whether any request of it has shown the token.
        quiet: how many sweeps there were since the client last did its part.
        waiting: whether a request of it waits for its response.
    """

    __slots__ = (
        "_admit",
        "_advancing",
        "_buffer",
        "_closed",
        "_descriptor",
        "_ending",
        "_events",
        "_handle",
        "_loop",
        "_more",
        "_out",
        "_refuse",
        "_slow",
        "_socket",
        "answered",
        "authenticated",
        "quiet",
        "waiting",
    )

    def __init__(
        self,
        loop: Loop,
        sock: socket,
        handle: Callable[[bytes, Respond, Admit], None],
        refuse: Refuse,
        admit: Callable[[ClientConnection], None],
        closed: Callable[[ClientConnection], None],
        slow: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._socket = sock
        self._descriptor = sock.fileno()
        self._handle = handle
        self._refuse = refuse
        self._admit = admit
        self._closed = closed
        self._slow = slow
        self._buffer = b""  # what came and was not handled yet
        self._out: bytes | memoryview = b""  # what is to be sent
        self._more = False  # requests are in the buffer, and others have their turn first
        self._advancing = False
        self._ending = False  # nothing more is handled; what comes is thrown away
        self._events = READABLE
        self.answered = False
        self.authenticated = False
        self.quiet = 0
        self.waiting = False
        loop.watch(self._descriptor, READABLE, self._ready)

    @property
    def idle(self) -> bool:
        """Whether nothing is owed to the client."""
        return not (self.waiting or self._out or self._more)

    @property
    def keeps_waiting(self) -> bool:
        """Whether the client is to read a response, end a head or close the connection."""
        return not self.waiting and bool(self._out or self._buffer or self._ending)

    @property
    def lingers(self) -> bool:
        """Whether the client has been sent its last response."""
        return self._ending and not self._out

    def sweep(self) -> None:
        """Count a sweep, and give up a client that has kept the endpoint waiting for too long."""
        self.quiet += 1
        allowed = _LINGER_SWEEPS if self.lingers else _SLOW_SWEEPS
        if not self.keeps_waiting or self.quiet <= allowed:
            return
        if self._out or self._more or self._ending:
            self.close()
        else:
            self._refuse(self._buffer, _TOO_SLOW, self._respond)

    def receive(self) -> None:
        """Read what has arrived, unless the client is owed a response first."""
        if self.idle:
            self._receive()

    def make_room(self) -> None:
        """Close a quiet connection, unless its client has just done its part.

        That a socket takes more is not its client's doing, as a kernel's buffers grow by
        themselves; that it is writable is.
        """
        if not self._out:
            self._receive()
        elif is_ready(self._descriptor, WRITABLE):
            self._send()
        if not self.waiting and (self.quiet or self.lingers):
            self.close()

    def close_unless_authenticated(self) -> None:
        """Close the connection, unless the token has just arrived on it."""
        self.receive()
        if not self.authenticated:
            self.close()

    def close(self) -> None:
        """End the connection at once."""
        if self._descriptor >= 0:
            self._loop.forget(self._descriptor)
            self._descriptor = -1
            self._buffer = b""
            self._socket.close()
            self._closed(self)

    def _ready(self, events: int) -> None:
        if events & WRITABLE:
            if self._out:
                self._send()
            self._advance()
        elif events & READABLE:
            self._receive()
        else:  # an error or a hang-up alone: the client is gone
            self.close()

    def _receive(self) -> None:
        try:
            data = bytes(_ARRIVED[: self._socket.recv_into(_ARRIVED)])
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
        elif not self._ending:
            if not self._buffer:
                self.quiet = 0
            self._buffer += data
            self._advance()

    def _advance(self) -> None:
        """Handle what the buffer holds, up to a request that must wait."""
        self._advancing = True
        left = _AT_ONE_GO if self.authenticated else 1  # the token comes first
        while self._buffer and left and not (self.waiting or self._out):
            cut = next_head(self._buffer)
            if cut is None:
                self._slow()
                break
            left -= 1
            head, self._buffer = cut
            self.waiting = True
            self._handle(head, self._respond, self._authenticate)
        self._more = not left and bool(self._buffer)
        self._advancing = False
        self._watch()

    def _authenticate(self) -> None:
        if not self.authenticated:
            self._admit(self)
            self.authenticated = True

    def _respond(self, data: bytes, keep_alive: bool) -> None:
        if self._descriptor < 0:
            return  # the client has not waited for it
        self.answered = True
        self.quiet = 0
        self.waiting = False
        self._out = data
        if not keep_alive:
            self._ending = True
            self._buffer = b""
        self._send()
        if not self._advancing:
            self._advance()

    def _send(self) -> None:
        try:
            sent = self._socket.send(self._out)
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        # The rest of a large response is no copy of it: there may be too little memory for that.
        self._out = memoryview(self._out)[sent:] if sent < len(self._out) else b""
        self.quiet = 0
        if self._ending and not self._out:
            self._end()

    def _end(self) -> None:
        """Say that no more comes, then give the client a sweep or two to close.

        Closing at once, with bytes unread, would reset the connection, and the client might never
        see the response (RFC 9112 §9.6).
        """
        try:
            self._socket.shutdown(SHUT_WR)
        except OSError:
            self.close()
        self._slow()

    def _watch(self) -> None:
        events = WRITABLE if self._out or self._more else 0 if self.waiting else READABLE
        if self._descriptor >= 0 and events != self._events:
            self._events = events
            self._loop.change(self._descriptor, events)
            if events == WRITABLE:
                self._slow()

"""A keep-alive connection to an HTTP/1.1 server, in the clear or over verified TLS.

What goes wrong becomes a `UpstreamError` here.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import time
from collections.abc import Callable, Generator, Sequence

from . import lookup, messages
from .address import Address
from .channel import ClearChannel, Steps, Wait, complete
from .lookup import Target
from .response_parser import ResponseParser
from .tls import TlsChannel
from .translation import NotResolved, translate
from .trust_store import TrustStore

Mark = Callable[[str], None]


def _ignore(_phase: str) -> None:
    """Tell nobody what is over."""


class Connection:
    """One connection, opened by the first request and again after it was lost.

    Theory of operation: where the last response was not read to its end, or more has come than
    that, the next bytes to be read are not the next response. So a connection that `owes` a
    response, or on which anything comes unasked, is not used again.

    Args:
        address: the server's.
        trust: whom to trust as that server; only an address in the clear does without.
    """

    __slots__ = ("_channel", "_lookup", "_owes", "_socket", "_trust", "address")

    def __init__(self, address: Address, trust: TrustStore | None = None) -> None:
        self.address = address
        self._trust = trust
        self._lookup: lookup.Lookup | None = None  # under way
        self._owes = False
        self._socket: socket.socket | None = None
        self._channel: ClearChannel | TlsChannel | None = None

    @property
    def is_open(self) -> bool:
        """Whether the connection stands, as far as this side knows."""
        return self._channel is not None

    def adopt(self, descriptor: int) -> None:
        """Take over a connected TCP socket on which a request was sent elsewhere.

        Raises:
            OSError: the descriptor is no socket.
        """
        self._socket = socket.socket(fileno=descriptor)
        self._channel = ClearChannel(self._socket)
        self._owes = True

    def sending(self, request: messages.Request, mark: Mark = _ignore) -> Steps:
        """The steps of sending a request, for `channel.complete`; they open the connection.

        Args:
            request: the request.
            mark: told of what is over: `resolved`, `connected`, `secured` (TLS), `sent`.
        """
        if not self._is_quiet():
            self.close()
            yield from self._opening(mark)
        assert self._channel is not None  # noqa: S101 - it is open by now
        self._owes = True
        yield from self._channel.write(messages.build_request(request))
        mark("sent")

    def send(self, request: messages.Request, deadline: float, mark: Mark = _ignore) -> None:
        """Send a request.

        Args:
            request: the request.
            deadline: the latest moment, in seconds of `time.monotonic`.
            mark: see `sending`.

        Raises:
            UpstreamError: it could not be sent; the connection is closed.
        """
        self.finish(self.sending(request, mark), deadline)

    def finish(self, steps: Steps, deadline: float) -> None:
        """Do the steps of sending a request, or those that are left; see `send`."""
        (failure,) = complete([steps], deadline)
        if failure is not None:
            self.close()
            if self._lookup is not None and isinstance(failure, TimeoutError):
                failure = NotResolved()
            raise translate(failure, self.address) from failure

    def receive(self, deadline: float | None) -> messages.Response:
        """Wait for the response to what was sent.

        Args:
            deadline: the latest moment, in seconds of `time.monotonic`; None = wait without end.

        Raises:
            UpstreamError: there is none; the connection is closed.
        """
        reader = ResponseParser()
        try:
            response = None
            while response is None:
                data = self._read(deadline)
                if not data and not reader.started:  # closed while it was idle, most likely
                    raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
                response = reader.feed(data)
        except (OSError, messages.MalformedMessage) as error:
            self.close()
            raise translate(error, self.address) from error
        if (response.header("connection") or "").lower() == "close" or reader.left_over:
            self.close()
        self._owes = False
        return response

    def close(self) -> None:
        """Close the connection; the next request opens it anew."""
        if self._socket is not None:
            self._socket.close()
        self._socket = self._channel = None

    def _is_quiet(self) -> bool:
        """Whether it is open, and the next thing to come is the response to the next request."""
        if self._socket is None or self._channel is None or self._owes:
            return False
        self._socket.setblocking(False)
        try:
            self._channel.read()
        except self._channel.NOTHING_YET:
            return True
        except OSError:
            pass
        return False

    def _opening(self, mark: Mark) -> Steps:
        targets = lookup.numeric(self.address) or (yield from self._looking_up())
        mark("resolved")
        sock = yield from self._connecting(targets)
        mark("connected")
        if self.address.secure:
            assert self._trust is not None  # noqa: S101 - the constructor asks for it
            channel = TlsChannel(sock, self._trust.context(), self.address.host)
            self._socket = channel.socket
            yield from channel.handshake()
            mark("secured")
            self._channel = channel
        else:
            self._channel = ClearChannel(sock)

    def _prepare(self) -> None:
        """Do what takes the processor a millisecond while the network is waited for."""
        if self._trust is not None and self.address.secure:
            self._trust.context()

    def _looking_up(self) -> Generator[Wait, None, Sequence[Target]]:
        """Look the host up; a lookup that an earlier request has left is waited for."""
        if self._lookup is None:
            self._lookup = lookup.Lookup(self.address)
        self._prepare()
        try:
            targets = yield from self._lookup.targets()
        except OSError:
            self._lookup = None
            raise
        self._lookup = None
        return targets

    def _connecting(self, targets: Sequence[Target]) -> Generator[Wait, None, socket.socket]:
        """Connect to the first of the host's addresses that answers."""
        problem = OSError(errno.EHOSTUNREACH, "the host has no address")
        for family, target in targets:
            self.close()
            self._socket = socket.socket(family, socket.SOCK_STREAM)
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            failed = self._socket.connect_ex(target)
            if failed == errno.EINPROGRESS:
                self._prepare()
                yield self._socket.fileno(), select.POLLOUT
                failed = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if not failed:
                return self._socket
            problem = OSError(failed, os.strerror(failed))
        raise problem

    def _read(self, deadline: float | None) -> bytes:
        assert self._socket is not None  # noqa: S101 - a request was sent
        assert self._channel is not None  # noqa: S101
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._channel.read()

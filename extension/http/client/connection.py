"""A keep-alive connection to an HTTP/1.1 server, in the clear or over verified TLS.

What goes wrong becomes a `UpstreamError` here.
"""

from __future__ import annotations

import errno
import os
import socket
import time

from .. import messages
from ..address import Address
from .address_history import AddressHistory
from .channel import CHUNK, ClearChannel, Steps, complete
from .connector import Connector, Mark
from .lookup import Target
from .proxy import Proxy
from .response_parser import ResponseParser
from .tls import TlsChannel
from .translation import translate
from .trust_store import TrustStore


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
        history: what is known of the server's addresses, or the proxy's; shared by the connections
            to it.
        proxy: the proxy through which it is reached; None for none.
    """

    __slots__ = (
        "_answered",
        "_channel",
        "_connector",
        "_owes",
        "_proxy",
        "_target",
        "address",
    )

    def __init__(
        self,
        address: Address,
        trust: TrustStore | None = None,
        history: AddressHistory | None = None,
        proxy: Proxy | None = None,
    ) -> None:
        self.address = address
        self._proxy = proxy
        self._connector = Connector(address, trust, history or AddressHistory(), proxy)
        self._owes = False
        self._target: Target | None = None  # the address that it is open to
        self._channel: ClearChannel | TlsChannel | None = None
        self._answered = False  # since it was opened

    @property
    def is_open(self) -> bool:
        """Whether the connection stands, as far as this side knows."""
        return self._channel is not None

    def fileno(self) -> int:
        """The descriptor of its socket; -1 where it is not open."""
        return -1 if self._channel is None else self._channel.socket.fileno()

    def resume_from(self, descriptor: int, *, owes: bool = True) -> None:
        """Take over a connected socket.

        Args:
            descriptor: the socket's.
            owes: whether a request was sent on it elsewhere.

        Raises:
            OSError: the descriptor is no socket.
        """
        self._channel = ClearChannel(socket.socket(fileno=descriptor))
        self._owes = owes

    def sending(self, request: messages.Request, mark: Mark = _ignore) -> Steps:
        """The steps of sending a request, for `channel.complete`; they open the connection.

        Args:
            request: the request.
            mark: told of what is over: `resolved`, `connected`, `secured` (TLS), `sent`.
        """
        yield from self.opening(mark)
        yield from self.writing(request, mark)

    def writing(self, request: messages.Request, mark: Mark = _ignore) -> Steps:
        """The steps of sending a request over it once it is open; see `sending`."""
        assert self._channel is not None  # noqa: S101 - `opening` was before
        self._owes = True
        yield from self._channel.write(messages.build_request(request))
        mark("sent")

    def opening(self, mark: Mark = _ignore) -> Steps:
        """The steps of opening it, unless it is open and of use; see `sending`."""
        if not self._is_quiet():
            self.close()
            self._target, self._channel = yield from self._connector.connecting(mark)
            self._answered = False

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
            cause = self._connector.cause(failure)
            raise translate(cause, self.address, self._proxy) from cause

    def receive(self, deadline: float | None) -> messages.Response:
        """Wait for the response to what was sent.

        Args:
            deadline: the latest moment, in seconds of `time.monotonic`; None = wait without end.

        Raises:
            UpstreamError: there is none; the connection is closed.
        """
        parser = ResponseParser()
        try:
            response = None
            while response is None:
                data = self._read(deadline)
                if not data and not parser.started:  # closed while it was idle, most likely
                    raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
                response = parser.feed(data)
        except (OSError, messages.MalformedMessage) as error:
            self._note_failure(error)
            self.close()
            raise translate(error, self.address, self._proxy) from error
        if response.fields.get("connection", "").lower() == "close" or parser.left_over:
            self.close()
        self._owes = False
        self._answered = True
        return response

    def close(self) -> None:
        """Close the connection; the next request opens it anew."""
        if self._channel is not None:
            self._channel.socket.close()
        self._channel = self._target = None

    def _is_quiet(self) -> bool:
        """Whether it is open, and the next thing to come is the response to the next request."""
        if self._channel is None or self._owes:
            return False
        self._channel.socket.setblocking(False)
        try:
            self._channel.socket.recv(CHUNK)
        except self._channel.NOTHING_YET:
            return True
        except OSError:
            pass
        return False

    def _note_failure(self, error: Exception) -> None:
        """Note what befell an address, unless it has answered here and dropped the connection."""
        if self._target is not None and (not self._answered or isinstance(error, TimeoutError)):
            self._connector.note_failed(self._target)

    def _read(self, deadline: float | None) -> bytes:
        assert self._channel is not None  # noqa: S101 - a request was sent
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError
        self._channel.socket.settimeout(left)
        return self._channel.socket.recv(CHUNK)

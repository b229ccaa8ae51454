"""A keep-alive connection to an HTTP/1.1 server, in the clear or over verified TLS.

What goes wrong becomes a `UpstreamError` here.
"""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Callable, Sequence

from .. import messages
from ..address import Address
from . import lookup
from .address_history import AddressHistory
from .channel import CHUNK, ClearChannel, Steps, Task, complete, connecting
from .lookup import Target
from .proxy import Proxy, tunnelling
from .race import first_to_succeed
from .response_parser import ResponseParser
from .tls import TlsChannel
from .translation import NotResolved, most_telling, translate
from .trust_store import TrustStore

Mark = Callable[[str], None]


def _ignore(_phase: str) -> None:
    """Tell nobody what is over."""


class Connection:
    """One connection, opened by the first request and again after it was lost.

    Theory of operation: where the last response was not read to its end, or more has come than
    that, the next bytes to be read are not the next response. So a connection that `owes` a
    response, or on which anything comes unasked, is not used again.

    Several addresses of the server are several chances: see `race`. One has won it when it has
    let itself be connected with and, where TLS is spoken, has shown who it is.

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
        "_history",
        "_lookup",
        "_owes",
        "_problems",
        "_proxy",
        "_target",
        "_trust",
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
        self._trust = trust
        self._proxy = proxy
        self._history = history or AddressHistory()
        self._lookup: lookup.Lookup | None = None  # under way
        self._problems: list[OSError] = []  # with the addresses that are being tried
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
            yield from self._opening(mark)

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
            elif isinstance(failure, OSError):
                failure = most_telling([*self._problems, failure])
            self._problems = []
            raise translate(failure, self.address, self._proxy) from failure

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
            self._history.note_failed(self._target)

    def _opening(self, mark: Mark) -> Steps:
        hop = self.address if self._proxy is None else self._proxy.address
        targets = lookup.numeric(hop) or (yield from self._looking_up(hop))
        mark("resolved")
        self._problems = []
        attempts = (self._attempt(target, mark) for target in self._history.in_order(targets))
        self._target, self._channel = yield from first_to_succeed(attempts, time.monotonic)
        self._problems = []
        self._answered = False
        self._history.note_connected(self._target)

    def _prepare(self) -> None:
        """Do what takes the processor a millisecond while the network is waited for."""
        if self._trust is not None and self.address.secure:
            self._trust.context()

    def _looking_up(self, hop: Address) -> Task[Sequence[Target]]:
        """Look a host up; a lookup that an earlier request has left is waited for."""
        if self._lookup is None:
            self._lookup = lookup.Lookup(hop)
        self._prepare()
        try:
            targets = yield from self._lookup.targets()
        except OSError:
            self._lookup = None
            raise
        self._lookup = None
        return targets

    def _attempt(
        self, target: Target, mark: Mark
    ) -> Task[tuple[Target, ClearChannel | TlsChannel]]:
        """Connect with one of the host's addresses."""
        channel: ClearChannel | TlsChannel | None = None
        try:
            channel = ClearChannel(socket.socket(target[0], socket.SOCK_STREAM))
            yield from connecting(channel.socket, target, self._prepare)
            if self._proxy is not None:
                yield from tunnelling(channel, self._proxy, self.address)
            mark("connected")
            if self.address.secure:
                assert self._trust is not None  # noqa: S101 - the constructor asks for it
                host = self.address.host
                channel = session = TlsChannel(channel.socket, self._trust.context(), host)
                yield from session.handshake()
                mark("secured")
            return target, channel
        except BaseException as problem:  # GeneratorExit, too: it was late, or another one won
            if channel is not None:
                channel.socket.close()
            self._history.note_failed(target)
            if isinstance(problem, OSError):
                self._problems.append(problem)
            raise

    def _read(self, deadline: float | None) -> bytes:
        assert self._channel is not None  # noqa: S101 - a request was sent
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError
        self._channel.socket.settimeout(left)
        return self._channel.socket.recv(CHUNK)

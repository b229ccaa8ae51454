"""Connecting with an HTTP server: its name, its addresses, a proxy on the way, TLS."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence

from ..address import Address
from . import lookup
from .address_history import AddressHistory
from .channel import ClearChannel, Task, connecting
from .lookup import Target
from .proxy import Proxy, tunnelling
from .race import first_to_succeed
from .tls import TlsChannel
from .translation import NotResolved, most_telling
from .trust_store import TrustStore

Mark = Callable[[str], None]
"""Told of a phase that is over."""


class Connector:
    """Connects with one server, again and again.

    Theory of operation: several addresses of the server are several chances: see `race`. One has
    won it when it has let itself be connected with and, where TLS is spoken, has shown who it is.

    Args:
        address: the server's.
        trust: whom to trust as that server; only an address in the clear does without.
        history: what is known of the server's addresses, or the proxy's.
        proxy: the proxy through which it is reached; None for none.
    """

    __slots__ = ("_address", "_history", "_lookup", "_problems", "_proxy", "_trust")

    def __init__(
        self,
        address: Address,
        trust: TrustStore | None,
        history: AddressHistory,
        proxy: Proxy | None,
    ) -> None:
        self._address = address
        self._trust = trust
        self._history = history
        self._proxy = proxy
        self._lookup: lookup.Lookup | None = None  # under way
        self._problems: list[OSError] = []  # with the addresses that are being tried

    def connecting(self, mark: Mark) -> Task[tuple[Target, ClearChannel | TlsChannel]]:
        """The steps of connecting.

        Args:
            mark: told of what is over: `resolved`, `connected`, `secured` (TLS).

        Returns:
            The address that is connected with, and the bytes to and from it.

        Raises:
            OSError: no address can be connected with; `cause` tells which failure to report.
        """
        hop = self._address if self._proxy is None else self._proxy.address
        targets = lookup.numeric(hop) or (yield from self._looking_up(hop))
        mark("resolved")
        self._problems = []
        attempts = (self._attempt(target, mark) for target in self._history.in_order(targets))
        connected = yield from first_to_succeed(attempts, time.monotonic)
        self._problems = []
        self._history.note_connected(connected[0])
        return connected

    def cause(self, failure: Exception) -> Exception:
        """What a failure to connect, or to send, is best reported as.

        Args:
            failure: what ended the steps; `TimeoutError` where they took too long.
        """
        problems, self._problems = self._problems, []
        if self._lookup is not None and isinstance(failure, TimeoutError):
            return NotResolved()
        return most_telling([*problems, failure]) if isinstance(failure, OSError) else failure

    def note_failed(self, target: Target) -> None:
        """Try this address later than the others, as it has failed after it was connected with."""
        self._history.note_failed(target)

    def _prepare(self) -> None:
        """Do what takes the processor a millisecond while the network is waited for."""
        if self._trust is not None and self._address.secure:
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
                yield from tunnelling(channel, self._proxy, self._address)
            mark("connected")
            if self._address.secure:
                assert self._trust is not None  # noqa: S101 - the constructor asks for it
                host = self._address.host
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

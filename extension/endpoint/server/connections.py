"""The connections that are open, and which of them makes room for another.

Theory of operation: a connection is *anonymous* until a request on it has shown the token, then
*authenticated*. The two are limited apart, so that no client without the token keeps out one that
has it.

Anonymous connections make room for a new one at any time: those that were sent a response first,
then the oldest. What has arrived on a connection is read before it is closed, so one that shows the
token by then stays open.

Of authenticated ones `MOST` are served at once. One more takes the place of a connection that was
sent its last response and does not close, else of the one that has been idle, or has read nothing
of its response, for longest. Only where all were active within the last second, or wait for a
response, is it refused with 503.

Connections of clients never use up the descriptors that calls upstream need: where those run short,
anonymous and idle connections are closed, else new ones wait to be accepted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ..responses.problem import Problem, Refused
from .client_connection import ClientConnection

MOST = 512  # authenticated connections; Lambda gives a process 1,024 descriptors
MOST_ANONYMOUS = 384  # a newcomer is closed only after as many others came before it sent a request
_RESERVE = 128  # descriptors that are not for clients; two services have up to 32 connections each
_QUIET_SWEEPS = 2  # after which a connection may have to make room: between one and two seconds
_BUSY = Problem(
    503,
    "busy",
    f"{MOST} connections that have shown the token are open, which is the limit",
    "keep connections alive and share them, or close those that are idle",
    (("Retry-After", "1"),),
)


class Connections:
    """The connections of clients.

    Args:
        most: how many authenticated ones there may be.
        most_anonymous: how many anonymous ones.

    Attributes:
        draining: whether those that are owed nothing make room at once, as all are to end.
    """

    __slots__ = ("_anonymous", "_authenticated", "_most", "_most_anonymous", "draining")

    def __init__(self, most: int, most_anonymous: int) -> None:
        self._most = most
        self._most_anonymous = most_anonymous
        # In the order in which they came.
        self._anonymous: dict[ClientConnection, None] = {}
        self._authenticated: dict[ClientConnection, None] = {}
        self.draining = False

    def __iter__(self) -> Iterator[ClientConnection]:
        """All of them; they may be closed meanwhile."""
        return iter([*self._anonymous, *self._authenticated])

    def __len__(self) -> int:
        """How many there are."""
        return len(self._anonymous) + len(self._authenticated)

    @property
    def is_crowded(self) -> bool:
        """Whether it is time to find out which are idle."""
        return len(self._authenticated) > min(self._most, _room()) // 2

    @property
    def is_full(self) -> bool:
        """Whether there is no descriptor for one more."""
        return len(self) >= _room()

    def add(self, connection: ClientConnection) -> None:
        """Add a new connection, which is anonymous, in the place of another if need be."""
        self._anonymous[connection] = None
        if len(self._anonymous) > self._most_anonymous:
            self._close_an_anonymous_one()

    def admit(self, connection: ClientConnection) -> None:
        """Count a connection among those that have shown the token.

        Raises:
            Refused: there is no room.
        """
        if len(self._authenticated) >= self._most:
            if self.draining:
                self.close_idle()
            elif not self._close_a_quiet_one():
                raise Refused(_BUSY)
        del self._anonymous[connection]
        self._authenticated[connection] = None

    def forget(self, connection: ClientConnection) -> None:
        """Forget a connection that is gone."""
        self._anonymous.pop(connection, None)
        self._authenticated.pop(connection, None)

    def make_room(self) -> None:
        """Free a descriptor, if there is a connection that can be closed."""
        if self.draining:
            self.close_idle()
        elif self._anonymous:
            self._close_an_anonymous_one()
        if self.is_full:
            self._close_a_quiet_one()

    def close_idle(self) -> None:
        """Close the connections that are owed nothing."""
        for connection in self:
            connection.receive()
            if connection.idle:
                connection.close()

    def _close_an_anonymous_one(self) -> None:
        """Close the first of them; one that shows the token at last leaves their number, too."""
        *others, newcomer = self._anonymous
        connection = min(
            others,
            key=lambda each: (not each.lingers, each.waiting, not each.answered),
            default=newcomer,
        )
        connection.close_unless_authenticated()

    def _close_a_quiet_one(self) -> bool:
        """Close the quietest authenticated one, unless its client has just done its part.

        Returns:
            Whether one was closed.
        """
        before = len(self._authenticated)
        quiet = [
            connection
            for connection in self._authenticated
            if (connection.quiet >= _QUIET_SWEEPS or connection.lingers) and not connection.waiting
        ]
        quiet.sort(key=lambda connection: (not connection.lingers, -connection.quiet))
        for connection in quiet:
            connection.make_room()
            if len(self._authenticated) < before:
                return True
        return False


def _room() -> int:
    """How many connections there may be."""
    limit = os.sysconf("SC_OPEN_MAX")
    most = MOST + MOST_ANONYMOUS
    return most if limit < 0 else min(most, max(limit - _RESERVE, limit // 2))

"""Clients of the services that have sources."""

from __future__ import annotations

from collections.abc import Callable

from ...declared.settings import Settings
from ...sources.route import Route, route_of
from ...sources.source import Source
from .call_phases import CallPhases
from .client import Client, Signer
from .connections import Connections


class Clients:
    """Makes clients.

    Args:
        settings: where the services are.
        signer: gives a signer for a role's ARN; that of whoever runs here for none.
        connections: makes the connections.
        note_call: notes that a call of an action of a service begins.
        clock: the time, in seconds since the epoch.
    """

    __slots__ = ("_clock", "_connections", "_note_call", "_settings", "_signer")

    def __init__(
        self,
        settings: Settings,
        signer: Callable[[str], Signer],
        connections: Connections,
        note_call: Callable[[str, str], CallPhases],
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._signer = signer
        self._connections = connections
        self._note_call = note_call
        self._clock = clock

    def route_of(self, source: Source) -> Route:
        """The route of a source."""
        return route_of(source, self._settings.region)

    def client_for(self, route: Route) -> Client:
        """A new client that goes a route."""
        settings, region = self._settings, route.region or self._settings.region
        connection = self._connections.to(settings.address(route.service, region))
        signer, note_call = self._signer(route.role), self._note_call
        return Client(route.service, region, signer, connection, note_call, self._clock)

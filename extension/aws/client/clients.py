"""Clients of the services that have sources."""

from __future__ import annotations

from collections.abc import Callable

from ...declared.settings import Settings
from .call_phases import CallPhases
from .client import Client, Signer
from .connections import Connections


class Clients:
    """Makes clients.

    Args:
        settings: where the services are.
        signer: gives the credentials to sign with.
        connections: makes the connections.
        note_call: notes that a call of an action of a service begins.
        clock: the time, in seconds since the epoch.
    """

    __slots__ = ("_clock", "_connections", "_note_call", "_settings", "_signer")

    def __init__(
        self,
        settings: Settings,
        signer: Signer,
        connections: Connections,
        note_call: Callable[[str, str], CallPhases],
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._signer = signer
        self._connections = connections
        self._note_call = note_call
        self._clock = clock

    def client_for(self, name: str) -> Client:
        """A new client.

        Args:
            name: `ssm` or `secretsmanager`.
        """
        settings = self._settings
        connection = self._connections.to(settings.services[name].address)
        return Client(name, settings.region, self._signer, connection, self._note_call, self._clock)

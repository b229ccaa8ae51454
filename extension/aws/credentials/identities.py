"""Identities: whoever runs here, and the providers of their credentials."""

from __future__ import annotations

from collections.abc import Callable

from ...declared.credentials import (
    ContainerEndpoint,
    Credentials,
    InstanceMetadata,
    Location,
    WebIdentity,
)
from ...declared.settings import Settings
from ...http.client.channel import Steps
from ...http.failure import Failed, Kind, UpstreamError
from ..client.call_phases import CallPhases
from ..client.client import Client
from ..client.connections import Connections
from . import sts
from .assumed_role import AssumedRole, by_web_identity
from .container_endpoint import ContainerCredentials
from .instance_metadata import InstanceCredentials
from .provider import CredentialProvider, CredentialSource

_NONE = Failed(
    Kind.REJECTED,
    "there are no AWS credentials",
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_WEB_IDENTITY_TOKEN_FILE and "
    "AWS_ROLE_ARN, or AWS_CONTAINER_CREDENTIALS_FULL_URI",
)


class _Nowhere:
    """The source of credentials where there are none."""

    def fetch(self, _deadline: float) -> Credentials:
        """There are none; see `CredentialSource.fetch`."""
        raise UpstreamError(_NONE)


class Identities:
    """Makes providers of credentials.

    Args:
        location: where the credentials are of whoever runs here.
        settings: where STS is, and how long a call may take.
        connections: makes connections to it.
        note_call: notes that a call of an action of a service begins.
        clock: the time, in seconds since the epoch.
        chance: gives random numbers from 0 to 1.

    Attributes:
        own: gives the credentials of whoever runs here.
    """

    __slots__ = ("_chance", "_clock", "_connections", "_note_call", "_pending", "_settings", "own")

    def __init__(
        self,
        location: Location,
        settings: Settings,
        connections: Connections,
        note_call: Callable[[str, str], CallPhases],
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._connections = connections
        self._note_call = note_call
        self._clock = clock
        self._chance = chance
        self._pending: list[AssumedRole] = []  # whose first call prefetch may send
        self.own = self._provider(location)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys and session tokens in use: what no text may hold."""
        return self.own.secrets

    def begin(self, deadline: float) -> list[tuple[Client, Steps]]:
        """What sends the first calls of STS, so that they are under way when they are needed.

        Args:
            deadline: the latest moment, in seconds of `time.monotonic`.
        """
        pending, self._pending = self._pending, []
        return [role.begin(deadline) for role in pending]

    def _provider(self, location: Location) -> CredentialProvider:
        source = location if isinstance(location, Credentials) else self._source(location)
        return CredentialProvider(source, self._clock, self._chance)

    def _source(
        self, location: WebIdentity | ContainerEndpoint | InstanceMetadata | None
    ) -> CredentialSource:
        match location:
            case WebIdentity():
                return self._assumed(lambda: by_web_identity(location), None)
            case ContainerEndpoint():
                return ContainerCredentials(location)
            case InstanceMetadata():
                return InstanceCredentials(location)
            case None:
                return _Nowhere()

    def _assumed(
        self, call: Callable[[], sts.StsCall], signer: CredentialProvider | None
    ) -> AssumedRole:
        region = self._settings.region
        connection = self._connections.to(self._settings.endpoints.address(sts.NAME, region))
        client = Client(sts.NAME, region, signer, connection, self._note_call, self._clock)
        timeout = max(service.timeout for service in self._settings.services.values())
        role = AssumedRole(client, call, signer, timeout)
        self._pending.append(role)
        return role

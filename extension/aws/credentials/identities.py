"""Identities: whoever runs here, and the providers of their credentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...declared.credentials import (
    ContainerEndpoint,
    Credentials,
    InstanceMetadata,
    Location,
    Nowhere,
    WebIdentity,
)
from ...declared.settings import Settings
from ...http.client.channel import Steps
from ...http.failure import Failed, Kind, UpstreamError
from ..client.call_phases import CallPhases
from ..client.client import Client
from ..client.connections import Connections
from . import profiles, sts
from .assumed_role import AssumedRole, by_signature, by_web_identity
from .container_endpoint import ContainerCredentials
from .instance_metadata import InstanceCredentials
from .provider import CredentialProvider, CredentialSource

_NONE = Failed(
    Kind.REJECTED,
    "there are no AWS credentials",
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_WEB_IDENTITY_TOKEN_FILE and "
    "AWS_ROLE_ARN, or AWS_CONTAINER_CREDENTIALS_FULL_URI",
)

_MOST_ROLES = 64


class _Nowhere:
    """The source of credentials where there are none.

    Args:
        ignored: the variables that are set, and lead to what is not read.
    """

    __slots__ = ("_ignored",)

    def __init__(self, ignored: tuple[str, ...]) -> None:
        self._ignored = ignored

    def fetch(self, _deadline: float) -> Credentials:
        """There are none; see `CredentialSource.fetch`."""
        raise UpstreamError(replace(_NONE, hint=_NONE.hint + profiles.hint(self._ignored)))


class Identities:
    """Makes providers of credentials.

    Args:
        location: where the credentials are of whoever runs here, or what gives them.
        settings: where STS is, and how long a call may take.
        connections: makes connections to it.
        note_call: notes that a call of an action of a service begins.
        clock: the time, in seconds since the epoch.
        random_fraction: gives random numbers from 0 to 1.

    Attributes:
        own: gives the credentials of whoever runs here.
    """

    __slots__ = (
        "_clock",
        "_connections",
        "_note_call",
        "_pending",
        "_random_fraction",
        "_roles",
        "_settings",
        "own",
    )

    def __init__(
        self,
        location: Location | CredentialSource,
        settings: Settings,
        connections: Connections,
        note_call: Callable[[str, str], CallPhases],
        clock: Callable[[], float],
        random_fraction: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._connections = connections
        self._note_call = note_call
        self._clock = clock
        self._random_fraction = random_fraction
        self._pending: list[AssumedRole] = []  # whose first call prefetch may send
        self._roles: dict[str, CredentialProvider] = {}  # the one used last comes last
        self.own = self._provider(location)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys and session tokens in use: what no text may hold."""
        roles = list(self._roles.values())
        return (*self.own.secrets, *(each for role in roles for each in role.secrets))

    def provider_for(self, role: str) -> CredentialProvider:
        """The provider of a role's credentials.

        Args:
            role: the role's ARN; empty for whoever runs here.
        """
        if not role:
            return self.own
        provider = self._roles.pop(role, None)
        if provider is None:
            settings = self._settings
            call = by_signature(role, settings.session_name, settings.external_id)
            source = self._assumed(lambda: call, self.own)
            provider = CredentialProvider(source, self._clock, self._random_fraction)
        self._roles[role] = provider
        if len(self._roles) > _MOST_ROLES:
            del self._roles[next(iter(self._roles))]
        return provider

    def begin(self, deadline: float) -> list[tuple[Client, Steps]]:
        """What sends the first calls of STS, so that they are under way when they are needed.

        Args:
            deadline: the latest moment, in seconds of `time.monotonic`.
        """
        pending, self._pending = self._pending, []
        return [role.begin(deadline) for role in pending]

    def _provider(self, location: Location | CredentialSource) -> CredentialProvider:
        source = location if isinstance(location, Credentials) else self._source(location)
        return CredentialProvider(source, self._clock, self._random_fraction)

    def _source(
        self,
        location: WebIdentity | ContainerEndpoint | InstanceMetadata | Nowhere | CredentialSource,
    ) -> CredentialSource:
        match location:
            case WebIdentity():
                return self._assumed(lambda: by_web_identity(location), None)
            case ContainerEndpoint():
                return ContainerCredentials(location)
            case InstanceMetadata():
                return InstanceCredentials(location)
            case Nowhere(ignored):
                return _Nowhere(ignored)
            case _:
                return location

    def _assumed(
        self, call: Callable[[], sts.StsCall], signer: CredentialProvider | None
    ) -> AssumedRole:
        region = self._settings.region
        connection = self._connections.to(self._settings.address(sts.NAME, region))
        client = Client(sts.NAME, region, signer, connection, self._note_call, self._clock)
        timeout = max(service.timeout for service in self._settings.services.values())
        role = AssumedRole(client, call, signer, timeout)
        self._pending.append(role)
        return role

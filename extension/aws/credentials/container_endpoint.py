"""The endpoint that gives a container its credentials: on ECS, with EKS Pod Identity, in SnapStart.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

import time

from ...declared.credentials import ContainerEndpoint, Credentials
from ...declared.files import text_file, token_file
from ...http import address
from ...http.client.connection import Connection
from ...http.failure import Failed, Kind, UpstreamError
from .local_service import TIMEOUT, LocalService, unavailable

_IN_THE_CLEAR = ("169.254.170.2", "169.254.170.23", "fd00:ec2::23", "::1", "localhost")


class ContainerCredentials:
    """Credentials of the container's endpoint.

    Args:
        endpoint: where it is.
    """

    __slots__ = ("_endpoint",)

    def __init__(self, endpoint: ContainerEndpoint) -> None:
        self._endpoint = endpoint

    def fetch(self, deadline: float) -> Credentials:
        """New credentials; see `CredentialSource.fetch`."""
        server, target = _checked(self._endpoint.url)
        token = _token(self._endpoint)
        authorization = (("Authorization", token),) if token else ()
        latest = min(deadline, time.monotonic() + TIMEOUT)
        with LocalService("the credentials endpoint", Connection(server), latest) as service:
            return service.credentials(target, (("Accept", "application/json"), *authorization))


def _checked(url: str) -> tuple[address.Address, str]:
    try:
        server, target = address.parse_url(url)
    except address.MalformedAddress as error:
        hint = "correct AWS_CONTAINER_CREDENTIALS_FULL_URI"
        raise UpstreamError(Failed(Kind.REJECTED, str(error), hint)) from None
    if server.secure or not _may_have_the_token(server.host):
        detail = f"the credentials endpoint {server.authority} is not one that AWS's SDKs allow"
        allowed = ", ".join(("127.*", *_IN_THE_CLEAR))
        hint = f"AWS_CONTAINER_CREDENTIALS_FULL_URI must be http:// and one of {allowed}"
        raise UpstreamError(Failed(Kind.REJECTED, detail, hint))
    return server, target


def _may_have_the_token(host: str) -> bool:
    loopback = host.startswith("127.") and host.replace(".", "").isdigit()  # and no name
    return loopback or host in _IN_THE_CLEAR


def _token(endpoint: ContainerEndpoint) -> str | None:
    if endpoint.token_file is None:
        return endpoint.token
    try:
        return token_file.read(endpoint.token_file)
    except (OSError, UnicodeDecodeError) as error:
        reason = text_file.why_unreadable(error)
        raise unavailable(
            f"the credentials token file {endpoint.token_file} can't be read: {reason}",
            hint="correct AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        ) from None

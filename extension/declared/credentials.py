"""AWS credentials in the environment, or where it says that there are some.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_RELATIVE_TO = "http://169.254.170.2"  # where ECS serves AWS_CONTAINER_CREDENTIALS_RELATIVE_URI


@dataclass(frozen=True, slots=True)
class Credentials:
    """AWS credentials.

    Attributes:
        access_key: the access key's id.
        secret_key: its secret.
        session_token: the session's token, or None for a user's long-lived key.
        expires_at: when they expire, in seconds since the epoch; None where nobody says.
    """

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class ContainerEndpoint:
    """The endpoint that gives a container its credentials.

    Attributes:
        url: its URL.
        token: the `Authorization` header it wants, or None.
        token_file: a file that holds that header, read each time; or None.
    """

    url: str
    token: str | None = field(repr=False)
    token_file: str | None


def located(environ: Mapping[str, str]) -> Credentials | ContainerEndpoint | None:
    """Find the credentials of an environment, in the order in which AWS's SDKs look."""
    access_key = environ.get("AWS_ACCESS_KEY_ID")
    secret_key = environ.get("AWS_SECRET_ACCESS_KEY")
    if access_key and secret_key:
        return Credentials(access_key, secret_key, environ.get("AWS_SESSION_TOKEN") or None)
    relative = environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    url = _RELATIVE_TO + relative if relative else environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if not url:
        return None
    return ContainerEndpoint(
        url,
        environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN") or None,
        environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") or None,
    )

"""AWS credentials in the environment, or where it says that there are some.

https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..sources.name import ALPHANUMERIC

_RELATIVE_TO = "http://169.254.170.2"  # where ECS serves AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
_METADATA = "http://169.254.169.254"
_METADATA_OVER_IPV6 = "http://[fd00:ec2::254]"
_OF_EXTERNAL_IDS = ALPHANUMERIC | frozenset("=,.@:/-+_")
_LONGEST_SESSION_NAME = 64  # characters


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


@dataclass(frozen=True, slots=True)
class WebIdentity:
    """A token that says who runs here, for which STS gives credentials: EKS's IRSA.

    Attributes:
        token_file: the file that holds it, read each time, as it is replaced.
        role: the ARN of the role that it is for; empty where nobody names one.
        session_name: what CloudTrail calls those who use it.
    """

    token_file: str
    role: str
    session_name: str


@dataclass(frozen=True, slots=True)
class InstanceMetadata:
    """The instance metadata service of EC2.

    Attributes:
        url: its URL.
        ignored: the variables that are set and lead to files, which are not read.
    """

    url: str
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nowhere:
    """There are none.

    Attributes:
        ignored: the variables that are set and lead to files, which are not read.
    """

    ignored: tuple[str, ...] = ()


Location = Credentials | WebIdentity | ContainerEndpoint | InstanceMetadata | Nowhere
_OF_FILES = ("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")


def located(environ: Mapping[str, str]) -> Location:
    """Find the credentials of an environment, in the order in which AWS's SDKs look."""
    access_key = environ.get("AWS_ACCESS_KEY_ID")
    secret_key = environ.get("AWS_SECRET_ACCESS_KEY")
    if access_key and secret_key:
        return Credentials(access_key, secret_key, environ.get("AWS_SESSION_TOKEN") or None)
    if token_file := environ.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        role = environ.get("AWS_ROLE_ARN", "").strip()
        return WebIdentity(token_file, role, session_name(environ))
    relative = environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    url = _RELATIVE_TO + relative if relative else environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if url:
        return ContainerEndpoint(
            url,
            environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN") or None,
            environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") or None,
        )
    return _instance_metadata(environ)


def session_name(environ: Mapping[str, str]) -> str:
    """What CloudTrail calls those who use a role that is assumed here."""
    named = environ.get("AWS_ROLE_SESSION_NAME") or environ.get("AWS_LAMBDA_FUNCTION_NAME")
    return (named or "warmkey")[:_LONGEST_SESSION_NAME]


def is_external_id(text: str) -> bool:
    """Whether a text may be an external ID.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    return 2 <= len(text) <= 1224 and _OF_EXTERNAL_IDS.issuperset(text)


def _instance_metadata(environ: Mapping[str, str]) -> InstanceMetadata | Nowhere:
    """Where it is; Lambda has none."""
    ignored = tuple(name for name in _OF_FILES if environ.get(name))
    off = environ.get("AWS_EC2_METADATA_DISABLED", "").strip().lower() == "true"
    if off or environ.get("AWS_LAMBDA_RUNTIME_API"):
        return Nowhere(ignored)
    over_ipv6 = environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "").lower() == "ipv6"
    default = _METADATA_OVER_IPV6 if over_ipv6 else _METADATA
    url = environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or default
    return InstanceMetadata(url, ignored)

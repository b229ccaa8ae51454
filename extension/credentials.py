"""AWS credentials, from the environment or from the container credentials endpoint.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

import _thread
import posix
import time

from . import address, json_text, text_file
from .connection import Connection
from .http1 import Request, Response
from .outcome import Failed
from .sigv4 import Credentials
from .upstream_error import UpstreamError
from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RELATIVE_TO = "http://169.254.170.2"  # where ECS serves AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
_IN_THE_CLEAR = ("127.", "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "::1", "localhost")
_RENEWED_BEFORE = 300  # seconds before they expire
_TIMEOUT = 2.0  # seconds
_NONE = Failed(
    "refused",
    "there are no AWS credentials",
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_CONTAINER_CREDENTIALS_FULL_URI",
)


class ContainerEndpoint(Value):
    """The endpoint that gives a container its credentials.

    Attributes:
        url: its URL.
        token: the `Authorization` header it wants, or None.
        token_file: a file that holds that header, read each time; or None.
    """

    SECRET = ("token",)

    url: str
    token: str | None
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


class CredentialProvider:
    """Gives the credentials that hold now; safe to ask from several threads.

    Args:
        location: where they are.
        clock: the time, in seconds since the epoch.
    """

    __slots__ = ("_clock", "_current", "_location", "_lock")

    def __init__(
        self, location: Credentials | ContainerEndpoint | None, clock: Callable[[], float]
    ) -> None:
        self._location = location
        self._clock = clock
        self._lock = _thread.allocate_lock()
        self._current = location if isinstance(location, Credentials) else None

    @property
    def session_token(self) -> str | None:
        """The session token of the credentials in use, if any."""
        return self._current.session_token if self._current else None

    def credentials(self) -> Credentials:
        """The credentials that hold now, fetched where they must be.

        Raises:
            UpstreamError: there are none.
        """
        with self._lock:
            if self._current is None or self._expires_soon(self._current):
                self._current = self._fetch()
            return self._current

    def renew(self) -> None:
        """Forget credentials that AWS calls expired, where others can be had."""
        with self._lock:
            if isinstance(self._location, ContainerEndpoint):
                self._current = None

    def _expires_soon(self, credentials: Credentials) -> bool:
        expiry = credentials.expires_at
        return expiry is not None and expiry - self._clock() < _RENEWED_BEFORE

    def _fetch(self) -> Credentials:
        if not isinstance(self._location, ContainerEndpoint):
            raise UpstreamError(_NONE)
        return _read(_ask(self._location))


def _ask(endpoint: ContainerEndpoint) -> Response:
    try:
        server, target = address.parse_url(endpoint.url)
    except address.MalformedAddress as error:
        raise _unavailable(str(error), "mend AWS_CONTAINER_CREDENTIALS_FULL_URI") from None
    if server.secure or not server.host.startswith(_IN_THE_CLEAR):
        raise _unavailable(
            f"the credentials endpoint {server.authority} is not one that AWS's SDKs allow",
            f"AWS_CONTAINER_CREDENTIALS_FULL_URI must be http:// and {', '.join(_IN_THE_CLEAR)}",
        )
    token = _token(endpoint)
    authorization = (("Authorization", token),) if token else ()
    headers = (("Host", server.authority), ("Accept", "application/json"), *authorization)
    connection = Connection(server)
    deadline = time.monotonic() + _TIMEOUT
    try:
        connection.send(Request("GET", target, headers), deadline)
        return connection.receive(deadline)
    except UpstreamError as error:
        raise _unavailable(f"the credentials endpoint failed: {error.failed.detail}", "") from error
    finally:
        connection.close()


def _token(endpoint: ContainerEndpoint) -> str | None:
    if endpoint.token_file is None:
        return endpoint.token
    try:
        return text_file.read(endpoint.token_file).strip()
    except OSError as error:
        reason = posix.strerror(error.errno or 0)
        raise _unavailable(
            f"the credentials token file {endpoint.token_file} can't be read: {reason}",
            "mend AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        ) from None


def _read(response: Response) -> Credentials:
    if response.status != 200:
        raise _unavailable(f"the credentials endpoint answered {response.status}", "")
    try:
        match json_text.decode(response.body.decode()):
            case {
                "AccessKeyId": str(access_key),
                "SecretAccessKey": str(secret_key),
                "Token": str(token),
                **rest,
            }:
                expiry = rest.get("Expiration")
                expires_at = _epoch(expiry) if isinstance(expiry, str) else None
                return Credentials(access_key, secret_key, token, expires_at)
    except ValueError:
        pass
    raise _unavailable("the credentials endpoint's answer holds no credentials", "")


def _epoch(expiration: str) -> float:
    """Seconds since the epoch, from `2026-11-21T19:50:00Z`."""
    from datetime import datetime

    return datetime.fromisoformat(expiration.replace("Z", "+00:00")).timestamp()


def _unavailable(detail: str, hint: str) -> UpstreamError:
    return UpstreamError(Failed("expired", detail, hint))

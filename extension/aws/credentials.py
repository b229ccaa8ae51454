"""The provider of AWS credentials: those of the environment, or of the container's endpoint.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from ..declared.credentials import ContainerEndpoint, Credentials
from ..declared.files import text_file, token_file
from ..http import address, json_text
from ..http.client.connection import Connection
from ..http.failure import Failed, Kind, UpstreamError
from ..http.messages import Request, Response

_IN_THE_CLEAR = ("169.254.170.2", "169.254.170.23", "fd00:ec2::23", "::1", "localhost")
_RENEWED_BEFORE = 300  # seconds before they expire
_TIMEOUT = 2.0  # seconds
_NONE = Failed(
    Kind.REJECTED,
    "there are no AWS credentials",
    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_CONTAINER_CREDENTIALS_FULL_URI",
)


class CredentialProvider:
    """Gives the credentials that hold now; safe to ask from several threads.

    Args:
        location: where they are.
        clock: the time, in seconds since the epoch.
    """

    __slots__ = ("_clock", "_current", "_location", "_lock", "_rejected")

    def __init__(
        self, location: Credentials | ContainerEndpoint | None, clock: Callable[[], float]
    ) -> None:
        self._location = location
        self._clock = clock
        self._lock = threading.Lock()
        self._current = location if isinstance(location, Credentials) else None
        self._rejected = False  # AWS calls the current ones expired

    @property
    def session_token(self) -> str | None:
        """The session token of the credentials in use, if any."""
        return self._current.session_token if self._current else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys and the session token in use: what no text may hold."""
        current = self._current
        if current is None:
            return ()
        return (current.access_key, current.secret_key, current.session_token or "")

    def credentials(self, deadline: float) -> Credentials:
        """The credentials that hold now, fetched where they must be.

        Args:
            deadline: the latest moment, in seconds of `time.monotonic`.

        Raises:
            UpstreamError: there are none.
        """
        if not self._lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise _unavailable("the credentials endpoint has not answered in time", "")
        try:
            current = self._current
            if current is None or self._rejected or self._left(current) < _RENEWED_BEFORE:
                self._current = current = self._renewed(deadline)
            return current
        finally:
            self._lock.release()

    def renew(self) -> None:
        """Sign nothing more with credentials that AWS calls expired, where others can be had."""
        self._rejected = isinstance(self._location, ContainerEndpoint)

    def _renewed(self, deadline: float) -> Credentials:
        """New credentials, or those in use where they still hold and there are no others."""
        try:
            fetched = self._fetch(deadline)
        except UpstreamError:
            current = self._current
            if current is None or self._rejected or self._left(current) <= 0:
                raise
            return current
        self._rejected = False
        return fetched

    def _left(self, credentials: Credentials) -> float:
        expiry = credentials.expires_at
        return float("inf") if expiry is None else expiry - self._clock()

    def _fetch(self, deadline: float) -> Credentials:
        if not isinstance(self._location, ContainerEndpoint):
            raise UpstreamError(_NONE)
        return _read(_ask(self._location, min(deadline, time.monotonic() + _TIMEOUT)))


def _ask(endpoint: ContainerEndpoint, deadline: float) -> Response:
    try:
        server, target = address.parse_url(endpoint.url)
    except address.MalformedAddress as error:
        hint = "correct AWS_CONTAINER_CREDENTIALS_FULL_URI"
        raise UpstreamError(Failed(Kind.REJECTED, str(error), hint)) from None
    if server.secure or not _may_have_the_token(server.host):
        detail = f"the credentials endpoint {server.authority} is not one that AWS's SDKs allow"
        allowed = ", ".join(("127.*", *_IN_THE_CLEAR))
        hint = f"AWS_CONTAINER_CREDENTIALS_FULL_URI must be http:// and one of {allowed}"
        raise UpstreamError(Failed(Kind.REJECTED, detail, hint))
    token = _token(endpoint)
    authorization = (("Authorization", token),) if token else ()
    headers = (("Host", server.authority), ("Accept", "application/json"), *authorization)
    connection = Connection(server)
    try:
        connection.send(Request("GET", target, headers), deadline)
        return connection.receive(deadline)
    except UpstreamError as error:
        raise _unavailable(f"the credentials endpoint failed: {error.failed.detail}", "") from error
    finally:
        connection.close()


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
        raise _unavailable(
            f"the credentials token file {endpoint.token_file} can't be read: {reason}",
            "correct AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
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
    raise _unavailable("the credentials endpoint's answer contains no credentials", "")


def _epoch(expiration: str) -> float:
    """Seconds since the epoch, from `2026-11-21T19:50:00Z`."""
    return datetime.fromisoformat(expiration.replace("Z", "+00:00")).timestamp()


def _unavailable(detail: str, hint: str) -> UpstreamError:
    return UpstreamError(Failed(Kind.INVALID, detail, hint))

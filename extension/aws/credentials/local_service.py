"""Services on the machine that hand out credentials: HTTP in the clear, and JSON."""

from __future__ import annotations

from datetime import datetime

from ...declared.credentials import Credentials
from ...http import json_text
from ...http.client.connection import Connection
from ...http.failure import Failed, Kind, UpstreamError
from ...http.messages import Headers, Request, Response

TIMEOUT = 2.0
"""Seconds that one may take for credentials."""


class LocalService:
    """One such service, over a connection of its own, until the `with` block ends.

    Args:
        name: what messages call it.
        connection: the connection to it.
        deadline: the latest moment, in seconds of `time.monotonic`.
    """

    __slots__ = ("_connection", "_deadline", "_name")

    def __init__(self, name: str, connection: Connection, deadline: float) -> None:
        self._name = name
        self._connection = connection
        self._deadline = deadline

    def __enter__(self) -> LocalService:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, method: str, target: str, headers: Headers) -> Response:
        """The response to a request.

        Raises:
            UpstreamError: there is none.
        """
        host = ("Host", self._connection.address.authority)
        try:
            self._connection.send(Request(method, target, (host, *headers)), self._deadline)
            return self._connection.receive(self._deadline)
        except UpstreamError as error:
            raise unavailable(f"{self._name} failed: {error.failed.detail}") from error

    def text(self, method: str, target: str, headers: Headers) -> str:
        """The text that answers a request; see `ask`."""
        response = self.ask(method, target, headers)
        if response.status != 200:
            raise self.refused(response)
        try:
            return response.body.decode()
        except UnicodeDecodeError:
            raise self.unusable() from None

    def credentials(self, target: str, headers: Headers) -> Credentials:
        """The credentials that answer a request.

        Raises:
            UpstreamError: there are none; what was answered is not shown, as half of them may be in
                it.
        """
        try:
            match json_text.decode(self.text("GET", target, headers)):
                case {
                    "AccessKeyId": str(access_key),
                    "SecretAccessKey": str(secret_key),
                    "Token": str(token),
                    **rest,
                }:
                    expiry = rest.get("Expiration")
                    expires_at = epoch(expiry) if isinstance(expiry, str) else None
                    return Credentials(access_key, secret_key, token, expires_at)
                case {"Code": str(code)} if code.isalnum():
                    raise unavailable(f"{self._name} gives no credentials: {code}")
        except ValueError:
            pass
        raise self.unusable()

    def refused(self, response: Response, hint: str = "") -> UpstreamError:
        """The error where a status is none that brings something."""
        return unavailable(f"{self._name} answered {response.status}", hint=hint)

    def unusable(self) -> UpstreamError:
        """The error where a response is not what was asked for."""
        return unavailable(f"{self._name}'s answer contains no credentials")


def epoch(moment: str) -> float:
    """Seconds since the epoch, from `2026-11-21T19:50:00Z`.

    Raises:
        ValueError: it is no such moment.
    """
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()


def unavailable(detail: str, hint: str = "") -> UpstreamError:
    """The error where there are no credentials now."""
    return UpstreamError(Failed(Kind.INVALID, detail, hint))

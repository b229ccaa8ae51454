"""Reads secrets from the endpoint and keeps them for as long as it allows.

Times are wall-clock time, as the extension's are: the process may be frozen between invokes for
longer than a value lives, or restored from a snapshot. An entry holds from when it was asked for
until its time is up, so a clock that jumps back makes it expire.
"""

from time import time

from .endpoint import TIMEOUT, Endpoint, Response
from .errors import SecretFormatError, SecretNotFound, refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


class Entry:
    """A value (bytes if it is binary), its entity tag, and from when to when it may be served."""

    __slots__ = ("asked_at", "etag", "expires_at", "value")

    def __init__(self, value: str | bytes, etag: str, asked_at: float, expires_at: float) -> None:
        self.value, self.etag = value, etag
        self.asked_at, self.expires_at = asked_at, expires_at


class Client:
    """What the functions of `warmkey` are methods of.

    A read that fails raises a `WarmkeyError`: `SecretNotFound` where nothing is declared by the
    alias or it is missing upstream; `AccessRefused` where the extension does not accept this
    process's token; `UpstreamError` where AWS refused, broke or was too slow and no good value is
    left; `EndpointUnavailable` where the extension does not answer, as without its layer.

    Args:
        environ: Names the port and the token; looked at when they are needed.
        clock: Wall-clock time in seconds.
        timeout: Seconds that one read may take.
    """

    def __init__(
        self,
        environ: "Mapping[str, str]",
        clock: "Callable[[], float]" = time,
        timeout: float = TIMEOUT,
    ) -> None:
        self._endpoint = Endpoint(environ, timeout)
        self._clock = clock
        self._entries: dict[str, Entry] = {}

    def get(self, alias: str) -> str:
        """Read a secret as text.

        Args:
            alias: The name it is declared by: the environment variable's or that in `warmkey.json`.

        Returns:
            The value, never older than the extension's time to live (`WARMKEY_TTL`) allows.

        Raises:
            SecretFormatError: The secret is binary; `get_bytes` reads it.
            WarmkeyError: It could not be read; see the class.
        """
        value = self._read(alias)
        if isinstance(value, str):
            return value
        del value  # tools that show a traceback's variables must not show it
        raise SecretFormatError(f"Secret {alias!r} is binary: read it with get_bytes({alias!r}).")

    def get_json(self, alias: str) -> "Any":
        """Read a secret and decode it as JSON; each call returns an object of its own.

        Raises:
            SecretFormatError: The secret is not JSON.
            WarmkeyError: It could not be read; see the class.
        """
        return _decoded(self._read(alias), f"Secret {alias!r}")

    def get_bytes(self, alias: str) -> bytes:
        """Read a secret as bytes; text comes as UTF-8.

        Raises:
            WarmkeyError: It could not be read; see the class.
        """
        value = self._read(alias)
        return value.encode(errors="surrogateescape") if isinstance(value, str) else value

    def get_all(self) -> dict[str, str]:
        """Read every declared secret, by alias. The endpoint is asked each time.

        Raises:
            WarmkeyError: They could not be read; see the class.
        """
        response = self._endpoint.read("/v1/secrets")
        if response.status != 200:
            raise refusal("The declared secrets", response)
        secrets: dict[str, str] = _decoded(response.body, "The list of declared secrets")
        return secrets

    def close(self) -> None:
        """Close the idle connections and forget every value; a later read begins anew."""
        self._endpoint.close()
        self._entries.clear()

    def _read(self, alias: str) -> str | bytes:
        now = self._clock()
        entry = self._entries.get(alias)
        if entry is not None and entry.asked_at <= now < entry.expires_at:
            return entry.value
        return self._fetch(alias, entry, now)

    def _fetch(self, alias: str, known: Entry | None, now: float) -> str | bytes:
        if not alias:
            raise SecretNotFound("The alias is empty: name a secret, or read all with get_all().")
        path = "".join(chr(b) if b in UNRESERVED else f"%{b:02X}" for b in alias.encode())
        response = self._endpoint.read(f"/v1/secrets/{path}", known.etag if known else "")
        self._entries.pop(alias, None)
        if response.status == 304 and known:
            entry = Entry(known.value, known.etag, now, now + _keep_for(response))
        elif response.status == 200:
            etag = response.headers.get("etag", "")
            entry = Entry(_value(response), etag, now, now + _keep_for(response))
        else:
            raise refusal(f"Secret {alias!r}", response)
        if entry.expires_at > now:
            self._entries[alias] = entry
        return entry.value


def _value(response: Response) -> str | bytes:
    if response.headers.get("content-type", "").startswith("text/"):
        # Not strict, so that no decoder's error can hold a value; `get_bytes` gets all of it back.
        return response.body.decode(errors="surrogateescape")
    return response.body


def _decoded(text: str | bytes, subject: str) -> "Any":
    from json import loads  # costs a bare interpreter 5 ms, and few functions need it

    try:
        return loads(text)
    except (ValueError, RecursionError):
        del text  # nor the decoder's error, which holds it: nothing is raised from it
    raise SecretFormatError(f"{subject} is not JSON.")


def _keep_for(response: Response) -> float:
    """Seconds to serve the value from memory, none or less where it must not be.

    `max-age` is what is left of the value's time to live and `Age` what has passed. From 80 % of
    it on, reads go to the endpoint, which answers at once and refreshes beside that: a value kept
    to its end would make the next read wait for AWS.
    """
    directives = response.headers.get("cache-control", "").replace(" ", "").lower().split(",")
    left = next((d[8:] for d in directives if d.startswith("max-age=")), "")
    passed = response.headers.get("age", "")
    stale = response.headers.get("warmkey-state") == "stale" or "no-store" in directives
    if stale or not left.isdecimal():
        return 0
    return int(left) - 0.2 * (int(left) + (int(passed) if passed.isdecimal() else 0))

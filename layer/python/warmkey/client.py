"""Reads secrets from the endpoint and keeps them for as long as it allows.

Times are wall-clock time, as the extension's are: the process may be frozen between invokes for
longer than a value lives, or restored from a snapshot. A value holds from when it was asked for
until its time is up, so a clock that jumps back makes it expire.
"""

from itertools import count
from time import time

from .endpoint import Answer, Endpoint
from .errors import SecretFormatError, SecretNotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_NOTHING = Answer(b""), 0.0, 0.0


class Client:
    """What the functions of `warmkey` are methods of.

    A read that fails raises a `WarmkeyError`: `SecretNotFound` where nothing is declared by the
    alias or it is missing upstream; `AccessRefused` where the extension does not accept this
    process's token; `UpstreamError` where AWS refused, broke or was too slow and no good value is
    left; `EndpointUnavailable` where the extension does not answer, as without its layer.

    Args:
        environ: Names the port and the token; looked at when they are needed.
        clock: Wall-clock time in seconds.
        timeout: Seconds of silence after which a read gives up; it may have to wait for the
            prefetch, which has 5 s by default.
    """

    def __init__(
        self, environ: "Mapping[str, str]", clock: "Callable[[], float]" = time, timeout: float = 30
    ) -> None:
        self._endpoint, self._clock = Endpoint(environ, timeout), clock
        self._kept: dict[str, tuple[Answer, float, float]] = {}
        self._numbers = count(1)  # of reads that go to the endpoint
        self._newest: dict[str, int] = {}  # by alias, of those whose answer has come

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
        value = self.read(alias)
        if isinstance(value, str):
            return value
        del value  # tools that show a traceback's variables must not show it
        raise SecretFormatError(f"Secret {alias!r} is binary: read it with get_bytes({alias!r}).")

    async def aget(self, alias: str) -> str:
        """Read a secret as text, in `asyncio`: others go on while the extension is asked.

        Args:
            alias: The name it is declared by.

        Raises:
            WarmkeyError: As `get` does.
        """
        _, asked_at, expires_at = self._kept.get(alias, _NOTHING)
        if asked_at <= self._clock() < expires_at:  # or at least nearly: `get` looks for itself
            return self.get(alias)
        from asyncio import to_thread  # is there where this is called

        return await to_thread(self.get, alias)

    def get_json(self, alias: str) -> "Any":
        """Read a secret and decode it as JSON; each call returns an object of its own.

        Raises:
            SecretFormatError: The secret is not JSON.
            WarmkeyError: It could not be read; see the class.
        """
        return _decoded(self.read(alias), f"Secret {alias!r}")

    def get_bytes(self, alias: str) -> bytes:
        """Read a secret as bytes; text comes as UTF-8.

        Raises:
            WarmkeyError: It could not be read; see the class.
        """
        value = self.read(alias)
        return value.encode(errors="surrogateescape") if isinstance(value, str) else value

    def get_all(self) -> dict[str, str]:
        """Read every declared secret, by alias, binary ones in base64; from the endpoint each time.

        Raises:
            WarmkeyError: They could not be read; see the class.
        """
        return dict(_decoded(self._endpoint.read("/v1/secrets").value, "The list of secrets"))

    def read(self, alias: str, *, refresh: bool = False) -> str | bytes:
        """Read a secret as what it is: text, or bytes if it is binary.

        Args:
            alias: The name it is declared by.
            refresh: Whether it has to come from AWS, however fresh the one at hand is.

        Raises:
            WarmkeyError: It could not be read; see the class.
        """
        now = self._clock()
        answer, asked_at, expires_at = self._kept.get(alias, _NOTHING)
        if asked_at <= now < expires_at and not refresh:
            return answer.value
        if not alias:
            raise SecretNotFound("The alias is empty: name a secret, or read all with get_all().")
        self._kept.pop(alias, None)  # should it be refused now, it is not served again
        path = "".join(chr(b) if b in _UNRESERVED else f"%{b:02X}" for b in alias.encode())
        number, kept = next(self._numbers), None
        try:
            answer = self._endpoint.read(f"/v1/secrets/{path}{'?refresh=true' if refresh else ''}")
            if (keep_for := answer.keep_for()) > 0:
                kept = answer, now, now + keep_for
            return answer.value
        finally:
            self._keep(alias, number, kept)

    def _keep(self, alias: str, number: int, kept: "tuple[Answer, float, float] | None") -> None:
        """Keep what has come, or nothing: of two reads at a time, the one asked last counts."""
        if number < self._newest.get(alias, 0):
            return
        self._newest[alias] = number
        if kept is None:
            self._kept.pop(alias, None)
        else:
            self._kept[alias] = kept


def _decoded(text: str | bytes, subject: str) -> "Any":
    from json import loads  # costs a bare interpreter 5 ms, and few functions need it

    try:
        return loads(text)
    except (ValueError, RecursionError):
        del text  # nor the decoder's error, which holds it: nothing is raised from it
    raise SecretFormatError(f"{subject} is not JSON.")

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
_NOTHING = 0, Answer(b""), 0.0, 0.0


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
        self._kept: dict[str, tuple[int, Answer, float, float]] = {}
        self._numbers = count(1)  # of reads that go to the endpoint
        self._newest: dict[str, int] = {}  # by alias: of two reads, the one asked last counts

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
        if self._held(alias, self._clock()):  # or at least nearly: `get` looks for itself
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
        if not refresh and (held := self._held(alias, now)):
            return held.value
        if not alias:
            raise SecretNotFound("The alias is empty: name a secret, or read all with get_all().")
        path = "".join(chr(b) if b in _UNRESERVED else f"%{b:02X}" for b in alias.encode())
        # From now on nothing counts that was asked for earlier, even if this is refused.
        number = self._newest[alias] = next(self._numbers)
        self._kept.pop(alias, None)
        answer = self._endpoint.read(f"/v1/secrets/{path}{'?refresh=true' if refresh else ''}")
        keep_for = answer.keep_for()
        if keep_for > 0 and self._newest[alias] == number:
            self._kept[alias] = number, answer, now, now + keep_for
        return answer.value

    def _held(self, alias: str, now: float) -> "Answer | None":
        number, answer, asked_at, expires_at = self._kept.get(alias, _NOTHING)
        holds = asked_at <= now < expires_at and number == self._newest[alias]
        return answer if holds else None


def _decoded(text: str | bytes, subject: str) -> "Any":
    from json import loads  # costs a bare interpreter 5 ms, and few functions need it

    try:
        return loads(text)
    except (ValueError, RecursionError):
        del text  # nor the decoder's error, which holds it: nothing is raised from it
    raise SecretFormatError(f"{subject} is not JSON.")

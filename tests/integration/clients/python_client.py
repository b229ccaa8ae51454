"""The thin client for Python, in this process, with a clock that stands still until it is moved."""

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import warmkey
from tests.closing import Closing
from tests.integration.clients.thin_client import ReadFailed
from warmkey import WarmkeyError

_PACKAGE = Path(warmkey.__file__).parent


class PythonClient(Closing):
    """A client with an environment and a clock of its own, for `with`.

    Args:
        environ: Its environment.

    Attributes:
        now: Wall-clock time, in seconds.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.now = 1_000_000.0
        self._environ = dict(environ)
        self._client = warmkey.Client(self._environ, lambda: self.now)

    def close(self) -> None:
        """Nothing of it stays open."""

    def get(self, alias: str) -> Any:
        """A secret's text."""
        return _outcome(self._client.get, alias)

    def get_json(self, alias: str) -> Any:
        """What its JSON holds."""
        return _outcome(self._client.get_json, alias)

    def get_bytes(self, alias: str) -> Any:
        """Its bytes."""
        return _outcome(self._client.get_bytes, alias)

    def get_all(self) -> Any:
        """All that is declared, by alias."""
        return _outcome(self._client.get_all)

    def refresh(self, alias: str) -> Any:
        """It, from AWS."""
        return _outcome(lambda: self._client.read(alias, refresh=True))

    def set_token(self, token: str) -> None:
        """Set the session token of its environment."""
        self._environ["AWS_SESSION_TOKEN"] = token

    def inspect(self) -> str:
        """What it shows of itself."""
        return f"{self._client!r} {self._client} {vars(self._client)}"


def _outcome(call: Callable[..., Any], *arguments: str) -> Any:
    try:
        return call(*arguments)
    except WarmkeyError as error:
        raise ReadFailed(type(error).__name__, str(error), error.status, _shown(error)) from error


def _shown(caught: BaseException) -> str:
    """What tools print of it, and of the errors behind it, with the client's local variables."""
    shown = ""
    error: BaseException | None = caught
    while error is not None:
        inside = error.__traceback__
        while inside and not Path(inside.tb_frame.f_code.co_filename).is_relative_to(_PACKAGE):
            inside = inside.tb_next
        told = traceback.TracebackException(
            type(error), error, inside, capture_locals=True, compact=True
        )
        shown += "".join(told.format(chain=False)) + repr(error) + repr(vars(error))
        error = error.__context__
    return shown

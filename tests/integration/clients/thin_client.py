"""A thin client, in whatever language, as the tests use it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass
class ReadFailed(Exception):
    """A call failed.

    Attributes:
        kind: The name of the error's class.
        message: Its message.
        status: Its status, or None.
        shown: All that its language can be made to show of it, hidden properties and local
            variables too.
    """

    kind: str
    message: str
    status: int | None
    shown: str


class ThinClient(Protocol):
    """A client with an environment and a clock of its own. Its calls raise `ReadFailed`.

    Attributes:
        now: Wall-clock time for its next calls, in seconds.
    """

    now: float

    def get(self, alias: str) -> Any:
        """A secret's text."""

    def get_json(self, alias: str) -> Any:
        """What its JSON holds."""

    def get_bytes(self, alias: str) -> Any:
        """Its bytes."""

    def get_all(self) -> Any:
        """All that is declared, by alias."""

    def refresh(self, alias: str) -> Any:
        """It, from AWS."""

    def set_token(self, token: str) -> None:
        """Set the session token of its environment."""

    def inspect(self) -> str:
        """All that its language can be made to show of it."""


Connect = Callable[[Mapping[str, str]], AbstractContextManager[ThinClient]]
"""Makes a client with an environment, until the `with` block ends."""

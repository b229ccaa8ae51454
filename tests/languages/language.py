"""What the tests know of a language."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Unavailable(Exception):
    """This machine lacks what the language needs; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Built:
    """A function with what runs it.

    Attributes:
        package: Its package, seen as `/var/task`.
        bootstrap: The command that is the runtime, as the Rapid core starts it.
    """

    package: Path
    bootstrap: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """A language with its example, `handler_example/NAME`.

    Attributes:
        name: What people call it, e.g. `Node.js`.
        example: Builds the example, once for as long as nothing changes. It charges a card with
            Stripe at `STRIPE_API_BASE`: it reads the alias `stripeSecretKey` when it starts, and
            again in each invoke for the charge. May raise `Unavailable`.
        dependencies: The names of all packages in the example's lock, the indirect ones too.
        plain: Builds a function that knows nothing of Warmkey: to any event it answers the
            environment variable `KEY`, as it was when it started. May raise `Unavailable`.
        reader: Builds a program of the file to copy, where there is one, and gives its command,
            which takes a number and, maybe, a token: it reads `FIRST`, sets `AWS_SESSION_TOKEN` to
            the token, then reads `KEY` as often as the number says, at once where it can, and
            prints what it got, a line each. May raise `Unavailable`.
        behind_api: Whether the example answers API Gateway, rather than who invokes it.
    """

    name: str
    example: Callable[[], Built]
    dependencies: Callable[[], Sequence[str]]
    plain: Callable[[], Built]
    reader: Callable[[], Sequence[str]] | None = None
    behind_api: bool = False

    def event(self, order: str) -> object:
        """The event that has an order charged, by the order's id."""
        if self.behind_api:
            return {"body": json.dumps({"order": order, "notes": 10})}
        return {"order": order, "cents": 400}

    def charge(self, answer: Any) -> str:
        """The id of the charge in the function's answer to it."""
        return str((json.loads(answer["body"]) if self.behind_api else answer)["charge"])

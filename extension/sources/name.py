"""Names in references, and the options that follow them."""

from __future__ import annotations

ALPHANUMERIC = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_LONGEST_NAME = 2048


class MalformedSource(ValueError):
    """The text has a form of the service's, and is none; the message says why."""


def check_name(name: str, allowed: frozenset[str]) -> None:
    """Check a name in a reference.

    Raises:
        MalformedSource: it is empty, too long, or has other characters than those allowed.
    """
    if not name.strip("/"):
        raise MalformedSource("the name is empty")
    if len(name) > _LONGEST_NAME:
        raise MalformedSource(f"the name is longer than {_LONGEST_NAME} characters")
    if strange := sorted(set(name) - allowed):
        raise MalformedSource(f"{' '.join(strange[:9])!r} is not allowed in a name")


def query(*options: str) -> str:
    """The options of a reference, from `?` on; those that are empty are none."""
    given = "&".join(filter(None, options))
    return f"?{given}" if given else ""

"""Query strings: their parameters, decoded and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...http import percent
from ..responses.problem import malformed
from . import aws_api


def decoded_pairs(query: str) -> list[tuple[str, str]]:
    """The parameters of a query string, decoded, in their order.

    Raises:
        Refused: one is not percent-encoded.
    """
    items = (item.partition("=") for item in query.split("&")) if query else ()
    return [
        (decoded(name), decoded(value.replace("+", " ") if name == aws_api.STAGE else value))
        for name, _, value in items
    ]


def take(pairs: Iterable[tuple[str, str]], known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The value of each known parameter.

    Args:
        pairs: what was given.
        known: what may be given, and the choices for each; the first is the default.

    Raises:
        Refused: a parameter is given twice, with different values, or it or its value is unknown.
    """
    given: dict[str, str] = {}
    for name, value in pairs:
        if given.setdefault(name, value) != value:
            raise malformed(f"the parameter {name[:32]!r} is given twice, with different values")
    if strange := sorted(given.keys() - known.keys()):
        names = ", ".join(known) or "none"
        raise malformed(f"the parameter {strange[0][:32]!r} is unknown; known here: {names}")
    for name, value in given.items():
        if value not in known[name]:
            allowed = ", ".join(known[name])
            raise malformed(f"{name} is {value[:32]!r}; it must be one of {allowed}")
    return {name: given.get(name, choices[0]) for name, choices in known.items()}


def decoded(text: str) -> str:
    """Text without percent-encoding.

    Raises:
        Refused: it is not percent-encoded.
    """
    if "%" not in text and text.isascii():
        return text
    try:
        return percent.decode(text, "latin-1")
    except percent.NotPercentEncoded as error:
        raise malformed(f"the request target {error}") from None

"""Options of a reference: what stands after its `?`, as `name=value`, joined by `&`.

Values are percent-encoded. `warmkey.json` takes the same options as members beside `ref`. Which
there are, and what they mean, says `reference`.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..http import percent


class MalformedOption(ValueError):
    """An option is none, or has a value that it can't have; the message says which."""


def parse(query: str) -> dict[str, str]:
    """The options in a query, by name.

    Raises:
        MalformedOption: it is no query, or has one twice.
    """
    options: dict[str, str] = {}
    for item in query.split("&"):
        name, equals, value = item.partition("=")
        if not equals:
            raise MalformedOption(f"{item!r} after ? is not of the form option=value")
        if name in options:
            raise MalformedOption(f"the option {name!r} is given twice")
        try:
            options[name] = percent.decode(value)
        except percent.NotPercentEncoded as error:
            raise MalformedOption(f"the option {name!r} {error}; write % itself as %25") from None
    return options


def add(text: str, members: Mapping[str, object]) -> str:
    """A reference with more options, which are given as members of a JSON object.

    Args:
        text: the reference.
        members: the options.

    Raises:
        MalformedOption: a member can't be an option.
    """
    pairs = [f"{name}={_encoded(name, value)}" for name, value in members.items()]
    source, hash_sign, field = text.partition("#")
    query = "&".join(pairs)
    return f"{source}{'&' if '?' in source else '?'}{query}{hash_sign}{field}" if query else text


def _encoded(name: str, value: object) -> str:
    """The value of a member, as a query has it."""
    if not name.isalnum():
        raise MalformedOption(f"{name!r} is no option")
    if not isinstance(value, str | bool):
        raise MalformedOption(f"{name} must be a string, or true or false")
    text = value if isinstance(value, str) else str(value).lower()
    try:
        return percent.encode(text.encode())
    except UnicodeEncodeError:
        raise MalformedOption(f"{name} contains half a surrogate pair") from None

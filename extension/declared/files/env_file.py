r"""Files of `NAME=value` lines, such as `.env`.

Syntax: as `docker run --env-file` and most tools read it. A line may begin with `export`. A value
may be quoted, and may then have several lines; in double quotes `\n`, `\t`, `\"` and `\\` mean what
they mean in JSON.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...http import json_text
from ..declarations import DeclarationError

_QUOTES = ("'", '"')


def parse(text: str, path: str) -> dict[str, str]:
    """The values of a file, by name.

    Args:
        text: the file's text.
        path: its path, for messages.

    Raises:
        DeclarationError: a line is not `NAME=value`; the message has its number, not its text.
    """
    values = {}
    lines = enumerate(text.split("\n"), 1)
    for number, line in lines:
        line = line.strip().removeprefix("export ").strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip():
            raise DeclarationError(f"{path}, line {number}: it must be NAME=value")
        value = _to_closing_quote(value.lstrip(), lines).strip()
        values[name.strip()] = _unquoted(value, f"{path}, line {number}")
    return values


def _unquoted(value: str, place: str) -> str:
    if value[:1] not in _QUOTES:
        return value.partition(" #")[0].rstrip()
    end = _closing_quote(value)
    rest = value[end + 1 :].lstrip()
    content = _content(value[: end + 1]) if not rest or rest.startswith("#") else None
    if content is None:
        raise DeclarationError(
            f"{place}: the value must end with the quote that it begins with; between double "
            'quotes, write \\ as \\\\ and " as \\"'
        )
    return content


def _to_closing_quote(value: str, lines: Iterator[tuple[int, str]]) -> str:
    """A value with the lines in which it goes on, if it is quoted; each is looked at once."""
    parts = [value]
    quote = value[:1]
    is_open = quote in _QUOTES and not _closing_quote(value)
    while is_open and (following := next(lines, None)):
        parts.append(following[1].rstrip("\r"))
        is_open = not _closing_quote(quote + parts[-1])
    return "\n".join(parts)


def _closing_quote(value: str) -> int:
    """The place of the quote that closes the first one; 0 if there is none."""
    at = 1
    while at < len(value) and value[at] != value[0]:
        at += 2 if value[0] == '"' and value[at] == "\\" else 1
    return at if at < len(value) else 0


def _content(quoted: str) -> str | None:
    """The text between quotes; None if one is missing, or double ones hold no JSON string."""
    if len(quoted) > 1 and quoted[0] == "'":
        return quoted[1:-1]
    try:
        text = str(json_text.decode(quoted.replace("\n", "\\n")))
        text.encode()  # half a surrogate pair is not text
    except ValueError:  # not to be chained: its message may contain the value
        return None
    return text

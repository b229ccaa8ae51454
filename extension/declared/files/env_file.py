r"""Files of `NAME=value` lines, such as `.env`.

Syntax: as `docker run --env-file` and most tools read it. A line may begin with `export`. A value
may be quoted, and may then have several lines; in double quotes `\n`, `\t`, `\"` and `\\` mean what
they mean in JSON.
"""

from __future__ import annotations

from ...http import json_text
from ..declarations import DeclarationError


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
        value = value.lstrip()
        while _is_open(value) and (following := next(lines, None)):
            value += "\n" + following[1].rstrip("\r")
        values[name.strip()] = _unquoted(value.strip(), f"{path}, line {number}")
    return values


def _unquoted(value: str, place: str) -> str:
    if value[:1] not in ("'", '"'):
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


def _is_open(value: str) -> bool:
    """Whether a quoted value goes on in the next line."""
    return value[:1] in ("'", '"') and not _closing_quote(value)


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

"""JSON, with errors that can be shown: they never hold any of the text, which may be a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

DEEPEST = 100
"""How many arrays and objects may lie within each other: a thread's stack has an end."""

# A string, whose end may be missing, or what opens or closes an array or an object.
_STRUCTURE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)


class MalformedJson(ValueError):
    """The text is not one JSON value; the message says where, and never shows the text."""


def decode(text: str, number: Callable[[str], object] | None = None) -> Any:
    """Decode one JSON value (RFC 8259); a byte order mark before it is ignored.

    Args:
        text: the whole document.
        number: makes something of a number, `NaN` or `Infinity`, given as it is written; None for
            int and float.

    Raises:
        MalformedJson: it is not one JSON value, or nests deeper than `DEEPEST`.
    """
    text = text.removeprefix("\ufeff")
    if _is_too_deep(text):
        raise MalformedJson("JSON nested too deeply")
    try:
        return json.loads(text, parse_int=number, parse_float=number, parse_constant=number)
    except json.JSONDecodeError as error:  # it holds the whole text: don't chain it
        if error.msg == "Extra data":
            raise MalformedJson(f"text after the JSON value, at character {error.pos}") from None
        raise MalformedJson(f"not JSON at character {error.pos}") from None
    except ValueError:  # a number of too many digits
        raise MalformedJson("JSON with a number of too many digits") from None


def encode(value: object) -> str:
    """Encode a value as compact, ASCII-only JSON (RFC 8259).

    Args:
        value: anything made of dict, list, tuple, str, int, finite float, bool and None.

    Raises:
        TypeError, ValueError: something in it has no JSON form.
    """
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _is_too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for found in _STRUCTURE.finditer(text):
        if found[0] in ("[", "{"):
            depth += 1
        elif found[0] in ("]", "}"):
            depth -= 1
        if depth > DEEPEST:
            return True
    return False

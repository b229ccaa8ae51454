"""JSON, with errors that can be shown: they never hold any of the text, which may be a secret."""

from __future__ import annotations

import json
from typing import Any


class MalformedJson(ValueError):
    """The text is not one JSON value; the message says where, and never shows the text."""


def decode(text: str) -> Any:
    """Decode one JSON value (RFC 8259).

    Args:
        text: the whole document.

    Raises:
        MalformedJson: it is not one JSON value, or nests too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise MalformedJson("JSON nested too deeply") from None
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

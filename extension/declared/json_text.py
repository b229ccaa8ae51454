"""JSON, by the C scanner and encoder that `json` itself uses; importing `json` costs 4 ms."""

from __future__ import annotations

import _json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class MalformedJson(ValueError):
    """The text is not one JSON value; the message says where, and never shows the text."""


class _Options:
    """What `_json.make_scanner` reads off its context: the defaults of `json.loads`."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


_WHITE_SPACE = " \t\n\r"
_scan = _json.make_scanner(_Options)  # type: ignore[arg-type]


def _refuse(unknown: object) -> object:
    raise TypeError(f"{type(unknown).__name__} is not a JSON value")


_encode = _json.make_encoder(
    None, _refuse, _json.encode_basestring_ascii, None, ":", ",", False, False, False
)


def decode(text: str) -> Any:
    """Decode one JSON value (RFC 8259).

    Args:
        text: the whole document.

    Returns:
        What `json.loads` gives for it.

    Raises:
        MalformedJson: it is not one JSON value, or nests too deeply.
    """
    start = len(text) - len(text.lstrip(_WHITE_SPACE))
    try:
        value, end = _scan(text, start)
    except StopIteration as stopped:
        raise MalformedJson(f"not JSON at character {stopped.value}") from None
    except RecursionError:
        raise MalformedJson("JSON nested too deeply") from None
    except ValueError as error:  # json.JSONDecodeError holds the whole text: don't chain it
        raise MalformedJson(f"not JSON at character {getattr(error, 'pos', 0)}") from None
    except SystemError:  # the scanner has not found JSONDecodeError, to say what is wrong
        import json  # noqa: F401 - has it, in json.decoder; only bad JSON may cost what it costs

        return decode(text)
    if text[end:].strip(_WHITE_SPACE):
        raise MalformedJson(f"text after the JSON value, at character {end}")
    return value


def encode(value: object) -> str:
    """Encode a value as compact, ASCII-only JSON (RFC 8259).

    Args:
        value: anything made of dict, list, tuple, str, int, finite float, bool and None.

    Returns:
        The text.

    Raises:
        TypeError, ValueError: something in it has no JSON form.
    """
    return "".join(_encode(value, 0))

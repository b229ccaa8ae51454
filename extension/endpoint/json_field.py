"""One field of a JSON value, as what follows the # in a reference asks for.

A key that stands as it is written comes first, so that a key with dots is reachable; else `a.b` is
the key `b` of the object `a`, and `/a/0` a JSON Pointer (RFC 6901), which reaches into arrays too.
"""

from __future__ import annotations

from ..http import json_text
from ..http.failure import Failed, Kind
from ..sources.parameter import SECRET_PREFIX
from ..sources.responses.outcome import Found

_NO_JSON = ("NaN", "Infinity", "-Infinity")  # which many parsers take
_LONGEST_INDEX = 9  # digits
_LONGEST_SHOWN = 200  # characters of a field


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def extract(found: Found, field: str) -> str | bytes | Failed:
    """The value itself where no field is asked for, or the field of its JSON.

    Args:
        found: the value upstream.
        field: what follows the #; maybe empty.

    Returns:
        A string or a number as it is written, any other field as JSON; or why there is none.
    """
    if found.value is None:
        hint = f"declare it as secretsmanager:{found.name.removeprefix(SECRET_PREFIX)}"
        return Failed(
            Kind.REJECTED, f"{found.name} is a binary secret, which SSM does not give", hint
        )
    if not field:
        return found.value
    shown = field if len(field) <= _LONGEST_SHOWN else f"{field[:_LONGEST_SHOWN]}…"
    try:
        text = found.value if isinstance(found.value, str) else found.value.decode()
        value = json_text.decode(text, _Number)
    except ValueError:
        hint = "store JSON there, or leave #field out of the reference"
        return Failed(Kind.INVALID, f"{found.name} is not JSON, so it has no field {shown}", hint)
    try:
        return _written(_find(value, field))
    except LookupError:
        hint = "correct the part of the reference after #"
        return Failed(Kind.MISSING, f"the JSON of {found.name} has no field {shown}", hint)
    except UnicodeEncodeError:
        detail = f"the field {shown} of {found.name} contains half a surrogate pair"
    except ValueError:
        detail = f"the field {shown} of {found.name} contains a number that JSON does not allow"
    return Failed(Kind.INVALID, detail)


def _find(value: object, field: str) -> object:
    """The field.

    Raises:
        LookupError: there is none.
    """
    if isinstance(value, dict) and field in value:
        return value[field]
    if field.startswith("/"):
        for token in field[1:].split("/"):
            value = _pointed(value, token)
        return value
    for name in field.split("."):
        if not isinstance(value, dict):
            raise LookupError
        value = value[name]
    return value


def _pointed(value: object, token: str) -> object:
    """What one step of a JSON Pointer leads to (RFC 6901 §4)."""
    if isinstance(value, list):
        index = token.isascii() and token.isdigit() and len(token) <= _LONGEST_INDEX
        if not index or token != str(int(token)):
            raise LookupError
        return value[int(token)]
    if not isinstance(value, dict) or any(
        part[:1] not in ("0", "1") for part in token.split("~")[1:]
    ):
        raise LookupError
    return value[token.replace("~1", "/").replace("~0", "~")]


def _written(value: object) -> str:
    """A field as text.

    Raises:
        UnicodeEncodeError: it is half a surrogate pair, which has no form in UTF-8.
        ValueError: it has a number in it that is none.
    """
    if isinstance(value, str) and not isinstance(value, _Number):
        value.encode()
        return value
    return _json(value)


def _json(value: object) -> str:
    """A value as compact JSON, with its numbers as they are written."""
    match value:
        case _Number():
            if value in _NO_JSON:
                raise ValueError("not a number")
            return str(value)
        case list():
            return f"[{','.join([_json(each) for each in value])}]"
        case dict():
            members = [f"{json_text.encode(key)}:{_json(each)}" for key, each in value.items()]
            return f"{{{','.join(members)}}}"
        case _:
            return json_text.encode(value)

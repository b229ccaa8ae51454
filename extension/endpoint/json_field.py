"""One field of a JSON value, as `#field` or `#a.b` in a reference asks for."""

from __future__ import annotations

from ..http import json_text
from ..http.failure import Failed
from ..sources.outcome import Found


def extract(found: Found, field: tuple[str, ...]) -> str | bytes | Failed:
    """The value itself where no field is asked for, or the field of its JSON.

    Args:
        found: the value upstream.
        field: the path to the field; maybe empty.

    Returns:
        A string field as it is, any other as JSON; or why there is none.
    """
    if not field:
        return found.value
    path = ".".join(field)
    try:
        text = found.value if isinstance(found.value, str) else found.value.decode()
        value = json_text.decode(text)
    except ValueError:
        hint = "store JSON there, or leave #field out of the reference"
        return Failed("missing", f"{found.name} is not JSON, so it has no field {path}", hint)
    for name in field:
        if not isinstance(value, dict) or name not in value:
            hint = "correct the part of the reference after #"
            return Failed("missing", f"the JSON of {found.name} has no field {path}", hint)
        value = value[name]
    try:
        if not isinstance(value, str):
            return json_text.encode(value)
        value.encode()
    except UnicodeEncodeError:
        return Failed("missing", f"the field {path} of {found.name} contains half a surrogate pair")
    except ValueError:  # NaN and its like, which many parsers take
        return Failed(
            "missing",
            f"the field {path} of {found.name} contains a number that JSON does not allow",
        )
    return value

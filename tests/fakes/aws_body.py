"""The JSON body of a call, and its fields as AWS reads them."""

import json
from typing import Any

from tests.fakes.aws_error import AwsError, constraint

Body = dict[str, Any]


def decode(data: bytes) -> Body | None:
    """The body of a call; None where it is no JSON object."""
    try:
        decoded = json.loads(data)
    except ValueError:
        return None
    return decoded if isinstance(decoded, dict) else None


def names(body: Body) -> tuple[str, ...]:
    """What a call asks for: its names, its path, its secrets' ids."""
    for key in ("Names", "SecretIdList"):
        if isinstance(body.get(key), list):
            return tuple(str(name) for name in body[key])
    return tuple(str(body[key]) for key in ("Name", "Path", "SecretId") if key in body)


def text(body: Body, key: str) -> str:
    """A field that must be there and hold text."""
    value = _required(body, key)
    if not isinstance(value, str):
        raise AwsError("SerializationException", f"{key} can not be converted to a String")
    return value


def texts(body: Body, key: str, most: int) -> list[str]:
    """A field that must be there and hold one to `most` texts."""
    value = _required(body, key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise AwsError("SerializationException", f"{key} can not be converted to a List of String")
    if not 1 <= len(value) <= most:
        rule = f"less than or equal to {most}" if value else "greater than or equal to 1"
        shown = f"'[{', '.join(value)}]'"
        raise constraint(shown, _spelled(key), f"Member must have length {rule}")
    return value


def _required(body: Body, key: str) -> Any:
    if body.get(key) is None:
        raise constraint("null", _spelled(key), "Member must not be null")
    return body[key]


def _spelled(key: str) -> str:
    """A field as AWS's messages spell it: `secretId` for `SecretId`."""
    return key[0].lower() + key[1:]

"""What the responses of all services have in common.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

from typing import Any

from ...http import json_text
from ...http.failure import Failed, Kind
from ...http.messages import Response
from . import errors
from .outcome import Found

UNEXPECTED = Failed(Kind.INVALID, "the service's answer is not the JSON that was expected")
_YEAR_10000 = 253_402_300_800  # seconds since the epoch; no date goes so far


def read_json(response: Response, name: str, role: str) -> dict[str, Any] | Failed:
    """The JSON of a response, or why there is none.

    Args:
        response: what the service has sent.
        name: what was asked for.
        role: the ARN of the role that has asked; empty for the function's own.
    """
    try:
        body = json_text.decode(response.body.decode())
    except ValueError:
        body = None
    if response.status != 200:
        return errors.read_error(response, body if isinstance(body, dict) else None, name, role)
    return body if isinstance(body, dict) else UNEXPECTED


def checked(found: Found) -> Found:
    """The value, if its fields have the types that they are declared to have.

    Raises:
        TypeError: the response had something else in their places.
        ValueError: a text contains half a surrogate pair, so that nothing can answer it as UTF-8.
    """
    facts = (found.name, found.version, found.type, found.arn, found.selector, found.data_type)
    texts = (*facts, found.source_result or "", *found.stages)
    if not (
        isinstance(found.modified, int | float)
        and 0 <= found.modified < _YEAR_10000
        and (isinstance(found.value, str | bytes) or (found.value is None and found.source_result))
        and all(isinstance(text, str) for text in texts)
    ):
        raise TypeError("a value's fields have other types")
    "".join((*texts, found.value if isinstance(found.value, str) else "")).encode()
    return found

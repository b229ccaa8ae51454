"""Lambda's API over HTTP: which request is which operation, and how answers and errors look."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from tests.fakes.http_service import Response

_FUNCTIONS = "/2015-03-31/functions"
_ROUTES: Mapping[str, str] = {
    rf"GET {_FUNCTIONS}/([^/]+)": "get_function",
    rf"POST {_FUNCTIONS}": "create_function",
    rf"DELETE {_FUNCTIONS}/([^/]+)": "delete_function",
    rf"PUT {_FUNCTIONS}/([^/]+)/configuration": "update_function_configuration",
    rf"POST {_FUNCTIONS}/([^/]+)/invocations": "invoke",
    rf"POST {_FUNCTIONS}/([^/]+)/versions": "publish_version",
    r"GET /2019-09-30/functions/([^/]+)/provisioned-concurrency": "list_provisioned",
    r"GET /2018-10-31/layers/([^/]+)/versions": "list_layer_versions",
    r"GET /2018-10-31/layers/([^/]+)/versions/2": "get_layer_version",
    r"GET /code": "code",
}
STATUSES: Mapping[str, int] = {"TooManyRequestsException": 429, "ResourceConflictException": 409}
"""With which HTTP status an error is answered; 400 where none is here."""


def route(method: str, path: str) -> tuple[str, str]:
    """The operation, as boto3 calls it, and the name of what it is about."""
    for pattern, operation in _ROUTES.items():
        if found := re.fullmatch(pattern, f"{method} {path.rstrip('/')}"):
            return operation, unquote("".join(found.groups())).rpartition(":")[2]
    raise NotImplementedError(f"{method} {path}")


def answer(told: Mapping[str, Any], status: int = 200) -> Response:
    """An answer."""
    return Response(status, json.dumps(told).encode())


def refuse(code: str, said: str, status: int) -> Response:
    """An error."""
    body = json.dumps({"Type": "User", "message": said}).encode()
    return Response(status, body, headers=(("X-Amzn-ErrorType", code),))

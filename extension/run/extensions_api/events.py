"""The Lambda Extensions API as values: requests to send, events to receive.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ...http import json_text
from ...http.messages import Request

_BASE = "/2020-01-01/extension"
_IDENTIFIER = "Lambda-Extension-Identifier"


@dataclass(frozen=True, slots=True)
class Invoke:
    """The function is being invoked; only extensions that registered for it receive this."""


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The environment is about to end.

    Attributes:
        reason: such as `spindown`, `timeout` or `failure`.
        deadline: until when, in seconds since the epoch; 0 where Lambda does not say.
    """

    reason: str
    deadline: float = 0.0


class MalformedEvent(ValueError):
    """The Extensions API's response is not an event."""


def register(host: str, name: str) -> Request:
    """The request that registers an extension for SHUTDOWN.

    SHUTDOWN alone: no wake-up for each invoke, and the only kind that Managed Instances accept.

    Args:
        host: the Runtime API's address, `host:port`.
        name: the extension's name, which must be its executable's file name.
    """
    headers = (
        ("Host", host),
        ("Lambda-Extension-Name", name),
        ("Lambda-Extension-Accept-Feature", "accountId"),
        ("Content-Type", "application/json"),
    )
    body = json_text.encode({"events": ["SHUTDOWN"]}).encode()
    return Request("POST", f"{_BASE}/register", headers, body)


def next_event(host: str, identifier: str) -> Request:
    """The request for the next event, which also says that the extension is done with the last."""
    return Request("GET", f"{_BASE}/event/next", (("Host", host), (_IDENTIFIER, identifier)))


def failure(host: str, identifier: str, phase: str, error_type: str, message: str) -> Request:
    """The request that reports why the extension is about to exit.

    Args:
        host: the Runtime API's address.
        identifier: what `register` was answered with.
        phase: `init` before the first `next`, `exit` after it.
        error_type: a name of the form `Extension.Reason`.
        message: the reason, for a person.
    """
    headers = (
        ("Host", host),
        (_IDENTIFIER, identifier),
        ("Lambda-Extension-Function-Error-Type", error_type),
        ("Content-Type", "application/json"),
    )
    body = {"errorMessage": message, "errorType": error_type, "stackTrace": []}
    return Request("POST", f"{_BASE}/{phase}/error", headers, json_text.encode(body).encode())


def parse_event(body: bytes) -> Invoke | Shutdown:
    """Read the response to `next_event`.

    Raises:
        MalformedEvent: it is not an event that this version knows.
    """
    try:
        event = json_text.decode(body.decode())
    except ValueError as error:
        raise MalformedEvent("the Extensions API sent an event that is not JSON") from error
    match event:
        case {"eventType": "INVOKE"}:
            return Invoke()
        case {"eventType": "SHUTDOWN"}:
            deadline = event.get("deadlineMs")
            seconds = deadline / 1000 if type(deadline) in (int, float) else 0.0
            return Shutdown(str(event.get("shutdownReason", "")), seconds)
    raise MalformedEvent("the Extensions API sent an event that is neither INVOKE nor SHUTDOWN")

"""What Lambda's Runtime API and Extensions API say, as values.

Statuses, header names, keys and error types are those of AWS's Rapid core: an end-to-end test
holds one conversation with both.
"""

import json
import time
import uuid
from collections.abc import Mapping

from tests.fakes.http_service import Delivery, Response

_ARN = "arn:aws:lambda:us-east-1:012345678912:function:"
_SHUTDOWN_MILLISECONDS = 2_000

ACCEPTED = Response(202, b'{"status":"OK"}\n')
NOT_FOUND = Response(
    404,
    b"404 page not found\n",
    "text/plain; charset=utf-8",
    (("X-Content-Type-Options", "nosniff"),),
)
HUNG_UP = Response(500, delivery=Delivery.RESET)


def method_not_allowed(allowed: str) -> Response:
    """The path is known, the method is not the one `allowed` there."""
    return Response(405, headers=(("Allow", allowed),))


def refused(error_type: str, reason: str, status: int = 403) -> Response:
    """A request that is against the rules."""
    return _json(status, {"errorMessage": reason, "errorType": error_type})


def out_of_order(whose: str, before: str, after: str) -> Response:
    """A request that is right, at the wrong moment; `whose` is `runtime` or an extension."""
    reason = (
        f"State transition from {before} to {after} failed for {whose}. "
        "Error: State transition is not allowed"
    )
    by_runtime = whose == "runtime"
    return refused(
        "InvalidStateTransition" if by_runtime else "Extension.InvalidExtensionState", reason
    )


def registered(identifier: str, function: str) -> Response:
    """An extension may now ask for events."""
    about = {"functionName": function, "functionVersion": "$LATEST", "handler": ""}
    return _json(200, about, {"Lambda-Extension-Identifier": identifier})


def invoke_event(request_id: str, function: str, deadline: int) -> Response:
    """INVOKE, for an extension; the deadline is in milliseconds since the epoch."""
    event = {
        "eventType": "INVOKE",
        "deadlineMs": deadline,
        "requestId": request_id,
        "invokedFunctionArn": _ARN + function,
    }
    return _json(200, event, {"Lambda-Extension-Event-Identifier": str(uuid.uuid4())})


def shutdown_event(reason: str) -> Response:
    """SHUTDOWN, for an extension, which has two seconds from now."""
    deadline = int(1000 * time.time()) + _SHUTDOWN_MILLISECONDS
    event = {"eventType": "SHUTDOWN", "deadlineMs": deadline, "shutdownReason": reason}
    return Response(200, json.dumps(event).encode(), "text/plain; charset=utf-8")


def trace_of(request_id: str) -> str:
    """X-Ray's trace header of an invoke: https://docs.aws.amazon.com/xray/latest/devguide/."""
    digits = request_id.replace("-", "")
    return f"Root=1-{digits[:8]}-{digits[8:]};Parent={digits[:16]};Sampled=1"


def invocation(request_id: str, function: str, deadline: int, event: bytes) -> Response:
    """An invoke, for the runtime; the deadline is in milliseconds since the epoch."""
    headers = {
        "Lambda-Runtime-Aws-Request-Id": request_id,
        "Lambda-Runtime-Deadline-Ms": str(deadline),
        "Lambda-Runtime-Invoked-Function-Arn": _ARN + function,
        "Lambda-Runtime-Trace-Id": trace_of(request_id),
    }
    return Response(200, event, headers=tuple(headers.items()))


def _json(status: int, body: object, headers: Mapping[str, str] | None = None) -> Response:
    text = json.dumps(body, separators=(",", ":")) + "\n"
    return Response(status, text.encode(), headers=tuple((headers or {}).items()))

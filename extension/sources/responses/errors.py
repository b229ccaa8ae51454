"""Errors of SSM and Secrets Manager, sorted by what can be done about them.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...http.failure import Failed, Kind
from ...http.messages import Response
from ...http.scrubber import one_line
from . import error_codes

LONGEST_MESSAGE = 300
"""Characters of upstream's own that a failure repeats."""
_NO_MESSAGE = "no message"
_NO_SERVICE_HINT = "no error of the service: look for a proxy in between, or at AWS_ENDPOINT_URL"


def read_error(
    response: Response, body: Mapping[str, Any] | None, name: str, role: str = ""
) -> Failed:
    """Sort an error; what is not known to be final may pass.

    Args:
        response: what the service has sent.
        body: its JSON, where that is an object.
        name: what was asked for.
        role: the ARN of the role that has asked; empty for the function's own.
    """
    status, code = response.status, error_codes.code(response, body)
    message = _message(body or {})
    detail = f"{code or f'HTTP status {status}'}: {message}"
    if status == 429 or code in error_codes.THROTTLED:
        hint = "raise the service's quota, or for SSM the throughput of Parameter Store"
        return Failed(Kind.THROTTLED, detail, hint)
    if code in error_codes.EXPIRED:
        return Failed(Kind.EXPIRED, detail, "the credentials have expired; they are read again")
    if code in error_codes.OF_ANOTHER_TIME or (code and _is_of_another_time(message)):
        return Failed(Kind.EXPIRED, detail, "the request came late, or the clock is wrong")
    if code in error_codes.UNAUTHENTICATED:
        hint = "check AWS_ACCESS_KEY_ID, its secret and its token"
        return Failed(Kind.UNAUTHENTICATED, detail, hint)
    if body is None or not error_codes.is_final(status, code):
        return Failed(Kind.INVALID, detail, "" if code else _NO_SERVICE_HINT)
    return _final(code, message, detail, name, grantee(role))


def _final(code: str, message: str, detail: str, name: str, role: str) -> Failed:
    if code in error_codes.MISSING:
        return Failed(Kind.MISSING, detail)
    if code in error_codes.DENIED:
        return Failed(Kind.DENIED, detail, _grant(message, name, role))
    if code in error_codes.KEY_UNUSABLE:
        return Failed(Kind.DENIED, detail, _grant_key(role))
    if code == "InvalidRequestException" and "deletion" in message:
        return Failed(Kind.REJECTED, detail, "restore the secret, or correct the reference")
    return Failed(Kind.REJECTED, detail)


def _message(body: Mapping[str, Any]) -> str:
    """AWS's own words, of which no response of ours grows long."""
    message = str(body.get("message") or body.get("Message") or _NO_MESSAGE)
    # What follows repeats the request that AWS expected, with the session token in it.
    return one_line(message.partition("The Canonical String")[0], LONGEST_MESSAGE).strip()


def grantee(role: str) -> str:
    """Who a permission is to be granted to, as a hint names it.

    Args:
        role: the ARN of the role that has asked; empty for the function's own.
    """
    return role or "the function's role"


def own_words(said: str) -> str:
    """What AWS said itself, in brackets after our words; nothing where it said nothing.

    Args:
        said: the detail of an error, `Code: message`.
    """
    message = said.partition(": ")[2]
    return f" (AWS: {message})" if message and message != _NO_MESSAGE else ""


def _is_of_another_time(message: str) -> bool:
    """Whether a signature is refused for its time alone, and may itself be right."""
    return "Signature expired" in message or "not yet current" in message


def _grant_key(role: str) -> str:
    return f"grant kms:Decrypt on the value's KMS key to {role}, and enable the key"


def _grant(message: str, name: str, role: str) -> str:
    """What would mend a denial; IAM's message names the action and often the resource."""
    action = message.partition("perform: ")[2].partition(" ")[0]
    resource = message.partition("on resource: ")[2].partition(" ")[0]
    if not action and "KMS" in message:  # KMS has denied it, on the service's behalf
        return _grant_key(role)
    if not action:
        return f"grant {role} the permission to read {name}"
    if not resource or resource.endswith(":*"):
        resource = name
    if "explicit deny" in message:
        return f"a policy denies {action} on {resource}, whatever is granted: change that policy"
    return f"grant {action} on {resource} to {role}"

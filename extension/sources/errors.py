"""Errors of SSM and Secrets Manager, sorted by what a reader can do about them.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..http.failure import Failed
from .source import Parameter, Secret, Source

# The codes that AWS's SDKs take for throttling.
_THROTTLED = frozenset(
    (
        "BandwidthLimitExceeded",
        "KMSThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    )
)
# The codes that AWS's SDKs take for a clock that is wrong.
_OF_ANOTHER_TIME = frozenset(("RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"))
_KEY_HINT = "grant kms:Decrypt on the value's KMS key to the function's role, and enable the key"


def missing(source: Source) -> Failed:
    """The failure of a name that doesn't exist upstream."""
    match source:
        case Parameter():
            there, where = f"SSM parameter {source.wire_name}", "aws ssm describe-parameters"
        case Secret(version_id="", version_stage=""):
            there, where = f"secret {source.name}", "aws secretsmanager list-secrets"
        case Secret():
            version = f"versionId {source.version_id}" if source.version_id else ""
            stage = f"versionStage {source.version_stage}" if source.version_stage else ""
            there = f"secret {source.name} with {' and '.join(filter(None, (version, stage)))}"
            where = "aws secretsmanager list-secret-version-ids"
    return Failed(
        "missing",
        f"{there} does not exist in this account and region",
        f"create it, or correct the reference; `{where}` lists what there is",
    )


def read_error(status: int, reply: Mapping[str, Any], name: str) -> Failed:
    """Sort an error by its `__type`, which may carry a prefix up to a `#`.

    Args:
        status: the answer's HTTP status.
        reply: its JSON, or nothing where it holds none.
        name: what was asked for.
    """
    code = str(reply.get("__type", "")).rpartition("#")[2] or f"HTTP status {status}"
    message = str(reply.get("message") or reply.get("Message") or "no message")
    # What follows repeats the request that AWS expected, with the session token in it.
    message = message.partition("The Canonical String")[0].rstrip()
    detail = f"{code}: {message}"
    match code:
        case "ParameterNotFound" | "ParameterVersionNotFound" | "ResourceNotFoundException":
            return Failed("missing", detail)
        case "AccessDeniedException" | "AccessDenied":
            return Failed("denied", detail, _grant(message, name))
        case "InvalidKeyId" | "KMSAccessDeniedException" | "DecryptionFailure":
            return Failed("denied", detail, _KEY_HINT)
        case _ if status == 429 or code in _THROTTLED:
            hint = "raise the service's quota, or for SSM the throughput of Parameter Store"
            return Failed("throttled", detail, hint)
        case "ExpiredTokenException" | "ExpiredToken":
            return Failed("expired", detail, "the credentials have expired; they are read again")
        case _ if code in _OF_ANOTHER_TIME or _is_of_another_time(message):
            return Failed("expired", detail, "the request came late, or the clock is wrong")
        case "InvalidRequestException" if "deletion" in message:
            return Failed("refused", detail, "restore the secret, or correct the reference")
        case "UnrecognizedClientException" | "InvalidSignatureException":
            return Failed("refused", detail, "check AWS_ACCESS_KEY_ID, its secret and its token")
    return Failed("broken" if status >= 500 else "refused", detail)


def _is_of_another_time(message: str) -> bool:
    """Whether a signature is refused for its time alone, and may itself be right."""
    return "Signature expired" in message or "not yet current" in message


def _grant(message: str, name: str) -> str:
    """What would mend a denial; IAM's message names the action and often the resource."""
    action = message.partition("perform: ")[2].partition(" ")[0]
    resource = message.partition("on resource: ")[2].partition(" ")[0]
    if not action and "KMS" in message:  # KMS has denied it, on the service's behalf
        return _KEY_HINT
    if not action:
        return f"grant the function's role the permission to read {name}"
    if not resource or resource.endswith(":*"):
        resource = name
    if "explicit deny" in message:
        return f"a policy denies {action} on {resource}, whatever is granted: change that policy"
    return f"grant {action} on {resource} to the function's role"

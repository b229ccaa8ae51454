"""The error codes of AWS's JSON services, by what they mean for a value that is held.

Only a code that AWS documents as the answer to this very question is final. Everything else, known
or not, means "not now": a proxy's page, a code of tomorrow, a response that was cut short.

- https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
- https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
- https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
- https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html
- https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...http.messages import Response

MISSING = frozenset(("ParameterNotFound", "ParameterVersionNotFound", "ResourceNotFoundException"))
DENIED = frozenset(("AccessDenied", "AccessDeniedException", "NotAuthorized", "OptInRequired"))
# KMS's own codes reach us as they are, or with KMS in front.
KEY_UNUSABLE = frozenset(
    (
        "DecryptionFailure",
        "DisabledException",
        "InvalidKeyId",
        "KMSAccessDeniedException",
        "KMSDisabledException",
        "KMSInvalidStateException",
        "KMSNotFoundException",
    )
)
# They speak of who asks, not of what is asked for; AWS knows new credentials only after a while.
UNAUTHENTICATED = frozenset(
    (
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "UnrecognizedClientException",
    )
)
INVALID = frozenset(
    (
        "InvalidAction",
        "InvalidFilterKey",
        "InvalidFilterOption",
        "InvalidFilterValue",
        "InvalidParameterCombination",
        "InvalidParameterException",
        "InvalidParameterValue",
        "InvalidRequestException",
        "MissingAction",
        "MissingParameter",
        "SerializationException",
        "UnknownOperationException",
        "ValidationError",
        "ValidationException",
    )
)
FINAL = MISSING | DENIED | KEY_UNUSABLE | INVALID

# The codes that AWS's SDKs take for throttling.
THROTTLED = frozenset(
    (
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "KMSThrottlingException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    )
)
EXPIRED = frozenset(("ExpiredToken", "ExpiredTokenException"))
# The codes that AWS's SDKs take for a clock that is wrong.
OF_ANOTHER_TIME = frozenset(("RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"))

# The statuses that AWS gives final errors; 404 is some emulators'.
_FINAL_STATUSES = (400, 401, 403, 404)
_LONGEST = 100  # characters; the longest of AWS's has 60


def code(response: Response, body: Mapping[str, Any] | None) -> str:
    """The code of an error, or nothing where it is no error of the service's own.

    Args:
        response: what the service has sent.
        body: its JSON, where that is an object.

    Returns:
        The bare name: of `com.amazonaws.ssm#ParameterNotFound:http://…`, what is between.
    """
    if body is None and response.body.strip():
        return ""  # cut short, or a page by somebody in between
    written = response.fields.get("x-amzn-errortype")
    if body is not None and isinstance(body.get("__type") or body.get("code"), str):
        written = body.get("__type") or body["code"]
    name = (written or "").partition(":")[0].rpartition("#")[2].strip()
    return name if name.isascii() and name.isprintable() and len(name) <= _LONGEST else ""


def is_final(status: int, name: str) -> bool:
    """Whether an error is permanent, and not only for now.

    Args:
        status: its HTTP status.
        name: its code.
    """
    return status in _FINAL_STATUSES and name in FINAL

"""Answers that mean "not now", in the ways in which real services and proxies say it.

The codes are those that AWS's SDKs retry, and the common errors of the services' API references
that are the service's own trouble.
"""

from collections.abc import Mapping

from tests.fakes.faults import Fault, Refuse, Reply

_PAGE = b"<html><body>The request could not be satisfied.</body></html>"
_SUFFIX = ":http://internal.amazon.com/coral/com.amazon.coral.availability/"

BY_CODE = {
    code: Refuse(code, "try again later")
    for code in (
        "RequestTimeout",
        "RequestTimeoutException",
        "PriorRequestNotComplete",
        "TransactionInProgressException",
        "EC2ThrottledException",
        "RequestAbortedException",
        "InternalFailure",
        "ServiceUnavailable",
        f"ThrottlingException{_SUFFIX}",
        "ErrorOfNextYear",
        "UnrecognizedClientException",
        "InvalidSignatureException",
    )
}
IN_HEADER = {
    "ThrottlingException in the header alone": Reply(
        b'{"message": "Rate exceeded"}', 400, f"ThrottlingException{_SUFFIX}"
    ),
    "EC2ThrottledException over an empty body": Reply(b"", 400, "EC2ThrottledException"),
    "AccessDeniedException over an empty body": Reply(b"", 400, "AccessDeniedException"),
    "AccessDeniedException over half a body": Reply(b'{"mess', 400, "AccessDeniedException"),
}
BY_SOMEBODY_IN_BETWEEN = {
    f"HTTP {status} in HTML": Reply(_PAGE, status)
    for status in (301, 302, 307, 400, 401, 403, 404, 407, 408, 410, 413, 421, 425, 429, 451, 502)
} | {
    "HTTP 204": Reply(b"", 204),
    "HTTP 400 and nothing": Reply(b"", 400),
    "HTTP 400 cut short": Reply(b'{"__type": "ParameterNotFound", "mess', 400),
    "HTTP 403 in another's JSON": Reply(b'{"error": "denied by policy"}', 403),
    "HTTP 503 with a final code": Reply(b'{"__type": "ParameterNotFound"}', 503),
}
NOT_NOW: Mapping[str, Fault] = {**BY_CODE, **IN_HEADER, **BY_SOMEBODY_IN_BETWEEN}
"""The faults, by what they are called in a few words."""

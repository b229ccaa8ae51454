"""AWS Signature Version 4 for the one shape of request that is sent here: `POST /`, no query.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timezone

from ...declared.credentials import Credentials
from ...http.messages import Request

_ALGORITHM = "AWS4-HMAC-SHA256"


def sign(
    request: Request, credentials: Credentials, region: str, service: str, now: float
) -> Request:
    """Sign a request: every header it has but `User-Agent`, which a proxy may rewrite.

    Args:
        request: a request for `/`, with its `Host` among the headers.
        credentials: whose signature it is.
        region: the service's region, such as `eu-west-1`.
        service: the service's signing name, such as `ssm`.
        now: the time, in seconds since the epoch.

    Returns:
        The request with `X-Amz-Date`, `Authorization` and, with temporary credentials,
        `X-Amz-Security-Token` added.
    """
    second = datetime.fromtimestamp(int(now), timezone.utc).isoformat()[:19]
    date = second.replace("-", "").replace(":", "") + "Z"
    headers = (*request.headers, ("X-Amz-Date", date))
    if credentials.session_token:
        headers += (("X-Amz-Security-Token", credentials.session_token),)
    canonical = sorted(
        (name.lower(), " ".join(value.split())) for name, value in headers if name != "User-Agent"
    )
    names = ";".join(name for name, _ in canonical)
    lines = [
        request.method,
        request.target,
        "",
        *(f"{name}:{value}" for name, value in canonical),
        "",
        names,
        _sha256(request.body),
    ]
    scope = f"{date[:8]}/{region}/{service}/aws4_request"
    to_sign = "\n".join((_ALGORITHM, date, scope, _sha256("\n".join(lines).encode())))
    signature = _hmac(_signing_key(credentials.secret_key, scope), to_sign).hex()
    authorization = (
        f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    signed = (*headers, ("Authorization", authorization))
    return Request(request.method, request.target, signed, request.body)


def _signing_key(secret_key: str, scope: str) -> bytes:
    key = ("AWS4" + secret_key).encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

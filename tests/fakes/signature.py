"""Signature Version 4 as AWS checks it, recomputed with botocore's own signer.

The order of the checks and their words are AWS's: is there a signature, is the key known, is its
session token right and alive, is the scope right, is the clock right, does the signature match.
"""

import datetime
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

import botocore.auth
import botocore.awsrequest
import botocore.compat
import botocore.credentials

from tests.canary.watch import KnownSecrets
from tests.fakes.aws_error import AwsError
from tests.fakes.http_service import Request

TOLERANCE = datetime.timedelta(minutes=5)
_STAMP = "%Y%m%dT%H%M%SZ"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key_id>[^/, ]+)/(?P<date>\d{8})/(?P<region>[^/, ]+)"
    r"/(?P<service>[^/, ]+)/aws4_request, ?SignedHeaders=(?P<headers>[^, ]+), ?"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key of the fake; `token` is None for a long-lived one."""

    key_id: str
    secret: str = field(repr=False)
    token: str | None = field(repr=False)

    @classmethod
    def fresh(cls) -> "Credentials":
        """New temporary credentials, shaped like those that STS hands out."""
        return cls(
            key_id="ASIA" + secrets.token_hex(8).upper(),
            secret=secrets.token_urlsafe(30),
            token=secrets.token_urlsafe(300),
        )

    def environment(self) -> dict[str, str]:
        """The variables in which an SDK looks for these."""
        keys = {"AWS_ACCESS_KEY_ID": self.key_id, "AWS_SECRET_ACCESS_KEY": self.secret}
        return keys | ({"AWS_SESSION_TOKEN": self.token} if self.token else {})


class KeyRing:
    """The credentials that the fake accepts, and those that have expired.

    Args:
        known: Where their secrets are remembered, to be seen in no output.
    """

    def __init__(self, known: KnownSecrets | None = None) -> None:
        self._known_secrets = known or KnownSecrets()
        self._known: dict[str, Credentials] = {}
        self._expired: set[str] = set()

    def __contains__(self, key_id: object) -> bool:
        return key_id in self._known

    def issue(self) -> Credentials:
        """Make and accept new credentials."""
        credentials = Credentials.fresh()
        self.accept(credentials)
        return credentials

    def accept(self, credentials: Credentials) -> None:
        """Accept these credentials from now on."""
        self._known[credentials.key_id] = credentials
        self._known_secrets.add_key(credentials.secret)
        self._known_secrets.add_key(credentials.token)

    def expire(self, credentials: Credentials) -> None:
        """Answer ExpiredTokenException to these from now on."""
        self._expired.add(credentials.key_id)

    def expire_all(self) -> None:
        """Answer so to all that were issued so far."""
        self._expired |= self._known.keys()

    def revoke(self, credentials: Credentials) -> None:
        """Forget these: from now on they are an unknown key."""
        del self._known[credentials.key_id]

    def find(self, key_id: str, token: str | None) -> Credentials:
        """The credentials of a key id and the session token that came with it.

        Raises:
            AwsError: UnrecognizedClientException, or ExpiredTokenException.
        """
        known = self._known.get(key_id)
        if known is None or (known.token or "") != (token or ""):
            raise AwsError(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            )
        if key_id in self._expired:
            raise AwsError(
                "ExpiredTokenException", "The security token included in the request is expired"
            )
        return known


def claimed_key_id(request: Request) -> str | None:
    """The key id that a request says it is signed with; None without a signature."""
    match = _AUTHORIZATION.fullmatch(request.headers.get("Authorization", ""))
    return match["key_id"] if match else None


def verify(
    request: Request, keys: KeyRing, region: str, service: str, now: datetime.datetime
) -> None:
    """Check the request's signature.

    Args:
        request: The request as received.
        keys: The credentials known here.
        region: The only region that the credential's scope may name.
        service: The only service that it may name, such as `ssm`.
        now: The server's time, with a time zone.

    Raises:
        AwsError: As AWS refuses: MissingAuthenticationTokenException, IncompleteSignatureException,
            UnrecognizedClientException, ExpiredTokenException, InvalidSignatureException.
    """
    authorization = request.headers.get("Authorization")
    if authorization is None:
        raise AwsError("MissingAuthenticationTokenException", "Missing Authentication Token")
    claim = _AUTHORIZATION.fullmatch(authorization)
    if claim is None:
        raise AwsError(
            "IncompleteSignatureException",
            "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' "
            "parameters of AWS4-HMAC-SHA256.",
        )
    credentials = keys.find(claim["key_id"], request.headers.get("X-Amz-Security-Token"))
    stamp = request.headers.get("X-Amz-Date", "")
    _check_scope(claim, stamp, region, service)
    _check_clock(stamp, now)
    signed = claim["headers"].split(";")
    _check_coverage(request, signed)
    expected = _Recomputed(credentials, service, region).of(request, signed, stamp)
    if not hmac.compare_digest(expected, claim["signature"]):
        raise _mismatch()


def _check_scope(claim: re.Match[str], stamp: str, region: str, service: str) -> None:
    if claim["region"] != region:
        raise _invalid(f"Credential should be scoped to a valid region, not '{claim['region']}'. ")
    if claim["service"] != service:
        raise _invalid(f"Credential should be scoped to correct service: '{service}'. ")
    if claim["date"] != stamp[:8]:
        raise _invalid(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            f"HTTP: '{claim['date']}' != '{stamp[:8]}', from '{stamp}'."
        )


def _check_clock(stamp: str, now: datetime.datetime) -> None:
    try:
        signed_at = datetime.datetime.strptime(stamp, _STAMP).replace(tzinfo=datetime.UTC)
    except ValueError:
        raise AwsError(
            "IncompleteSignatureException",
            f"Date must be in ISO-8601 'basic format'. Got '{stamp}'. "
            "See http://en.wikipedia.org/wiki/ISO_8601",
        ) from None
    server, low, high = (f"{t:{_STAMP}}" for t in (now, now - TOLERANCE, now + TOLERANCE))
    if signed_at < now - TOLERANCE:
        raise _invalid(f"Signature expired: {stamp} is now earlier than {low} ({server} - 5 min.)")
    if signed_at > now + TOLERANCE:
        raise _invalid(
            f"Signature not yet current: {stamp} is still later than {high} ({server} + 5 min.)"
        )


def _check_coverage(request: Request, signed: list[str]) -> None:
    """Hold what AWS's documentation demands: Host and every x-amz-* header are signed."""
    if "host" not in signed:
        raise _invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    for name in request.headers:
        if name.lower().startswith("x-amz-") and name.lower() not in signed:
            raise _invalid(f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
    # botocore takes this header for the body's hash; here the body itself decides.
    claimed = request.headers.get("X-Amz-Content-SHA256")
    if claimed not in (None, hashlib.sha256(request.body).hexdigest()):
        raise _mismatch()


class _Recomputed(botocore.auth.SigV4Auth):
    """botocore's signer, told which headers the client signed."""

    def __init__(self, credentials: Credentials, service: str, region: str) -> None:
        super().__init__(
            botocore.credentials.Credentials(
                credentials.key_id, credentials.secret, credentials.token
            ),
            service,
            region,
        )

    def of(self, request: Request, signed: list[str], stamp: str) -> str:
        """The signature that the request should carry, in hexadecimal."""
        received = botocore.awsrequest.AWSRequest(
            method=request.method,
            url=f"http://{request.headers.get('Host', '')}{request.target}",
            data=request.body,
        )
        for name in signed:
            for value in request.headers.get_all(name, []):
                received.headers.add_header(name, value)
        received.context["timestamp"] = stamp
        text = self.string_to_sign(received, self.canonical_request(received))
        return str(self.signature(text, received))

    def headers_to_sign(
        self, request: botocore.awsrequest.AWSRequest
    ) -> botocore.compat.HTTPHeaders:
        """Every header of the rebuilt request: it holds only those that the client signed."""
        return request.headers


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidSignatureException", message)


def _mismatch() -> AwsError:
    return _invalid(
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details."
    )

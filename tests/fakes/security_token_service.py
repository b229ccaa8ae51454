"""The Security Token Service: roles that are assumed, by a signature or by a web identity's token.

Its protocol is AWS's query protocol: a form comes in, XML goes out. Signatures are verified.
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

import datetime
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from tests.fakes.aws_error import AwsError
from tests.fakes.certificates import Certificate
from tests.fakes.faults import Deny, Refuse, Reply, wait_out
from tests.fakes.faulty_service import FaultyService
from tests.fakes.http_service import Delivery, Request, Response
from tests.fakes.signature import Credentials, KeyRing, claimed_key_id, verify
from tests.patience import PATIENCE

REGION = "eu-west-1"
_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
# How STS calls what the JSON services call otherwise.
_CODES = {
    "ExpiredTokenException": "ExpiredToken",
    "IncompleteSignatureException": "IncompleteSignature",
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "MissingAuthenticationTokenException": "MissingAuthenticationToken",
    "UnrecognizedClientException": "InvalidClientTokenId",
}


@dataclass(slots=True)
class Role:
    """A role, and who may assume it.

    Attributes:
        issue: Makes its credentials.
        callers: The keys that it trusts; None for each that is known.
        external_id: What a caller must say; None for nothing.
        tokens: The web identity tokens that it trusts.
    """

    issue: Callable[[], Credentials]
    callers: frozenset[str] | None = None
    external_id: str | None = None
    tokens: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class StsCall:
    """A call as it arrived.

    Attributes:
        action: Such as `AssumeRole`.
        form: Its parameters, but for a token.
        key_id: The key that it claims to be signed with; None where it is not signed.
    """

    action: str
    form: Mapping[str, str]
    key_id: str | None


class FakeSts(FaultyService):
    """STS of one region, until the `with` block ends. Faults stand under an action, or `ANY`.

    Args:
        keys: The keys that sign calls.
        certificate: Serve TLS with it; None for plain HTTP.
        region: The only region whose signatures count.
        clock: Seconds since the epoch.

    Attributes:
        roles: The roles there are, by ARN.
        expired: Tokens of web identities that have expired.
        lifetime: Seconds from a call to the expiry of its credentials; may be negative.
        faults: What goes wrong, and when.
    """

    def __init__(
        self,
        keys: KeyRing,
        certificate: Certificate | None = None,
        *,
        region: str = REGION,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.roles: dict[str, Role] = {}
        self.expired: set[str] = set()
        self.lifetime = 3600.0
        self.region = region
        self._keys = keys
        self._clock = clock
        self._arrived = threading.Condition()
        self._calls: list[StsCall] = []
        super().__init__(self._respond, certificate.server_context() if certificate else None)

    @property
    def calls(self) -> list[StsCall]:
        """The calls that have arrived so far."""
        with self._arrived:
            return list(self._calls)

    def wait_for_calls(self, count: int, timeout: float = PATIENCE) -> list[StsCall]:
        """Wait until so many calls have arrived since the start, and return all there are.

        Raises:
            TimeoutError: Fewer arrived within `timeout` seconds.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._calls) >= count, timeout):
                raise TimeoutError(f"waited {timeout} s for {count} calls, got {self._calls}")
            return list(self._calls)

    def environment(self) -> dict[str, str]:
        """The variable that leads an SDK here."""
        return {"AWS_ENDPOINT_URL_STS": self.url}

    def _respond(self, request: Request) -> Response:
        form = dict(parse_qsl(request.body.decode(), strict_parsing=True))
        action = form.get("Action", "")
        shown = {name: each for name, each in form.items() if name != "WebIdentityToken"}
        with self._arrived:
            self._calls.append(StsCall(action, shown, claimed_key_id(request)))
            self._arrived.notify_all()
        fault = wait_out(self.faults.take(action, ())[0])
        date = (("Date", formatdate(self._clock(), usegmt=True)),)
        if isinstance(fault, Reply):
            return Response(fault.status, fault.body, "text/xml", date)
        try:
            if isinstance(fault, Refuse):
                raise fault.error()
            body = self._act(action, form, request, denied=isinstance(fault, Deny))
        except AwsError as error:
            return Response(error.status, _error(error), "text/xml", date)
        delivery = fault if isinstance(fault, Delivery) else Delivery.WHOLE
        return Response(200, body.encode(), "text/xml", date, delivery)

    def _act(self, action: str, form: Mapping[str, str], request: Request, *, denied: bool) -> str:
        if form.get("Version") != "2011-06-15" or (request.method, request.target) != ("POST", "/"):
            raise AwsError("InvalidAction")
        arn, session = form.get("RoleArn", ""), form.get("RoleSessionName", "")
        if not 20 <= len(arn) <= 2048 or not 2 <= len(session) <= 64:
            raise AwsError("ValidationError", "1 validation error detected")
        role = self.roles.get(arn)
        match action:
            case "AssumeRole":
                self._check_signature(request)
                if denied or role is None or not _trusts(role, request, form):
                    raise AwsError(
                        "AccessDenied",
                        "User: arn:aws:sts::123456789012:assumed-role/function-role/function is "
                        f"not authorized to perform: sts:AssumeRole on resource: {arn}",
                        status=403,
                    )
            case "AssumeRoleWithWebIdentity":
                self._check_token(form.get("WebIdentityToken", ""), role, denied=denied)
            case _:
                raise AwsError("InvalidAction", f"Could not find operation {action}")
        assert role is not None
        return self._assumed(action, arn, session, role.issue())

    def _check_token(self, token: str, role: Role | None, *, denied: bool) -> None:
        if token in self.expired:
            raise AwsError("ExpiredTokenException", "Token expired: current date/time must be …")
        if token.count(".") != 2:
            raise AwsError(
                "InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see …)"
            )
        if denied or role is None or token not in role.tokens:
            message = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
            raise AwsError("AccessDenied", message, status=403)

    def _check_signature(self, request: Request) -> None:
        now = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC)
        try:
            verify(request, self._keys, self.region, "sts", now)
        except AwsError as error:
            raise AwsError(_CODES[error.kind], error.message, status=403) from None

    def _assumed(self, action: str, arn: str, session: str, made: Credentials) -> str:
        expiry = datetime.datetime.fromtimestamp(self._clock() + self.lifetime, datetime.UTC)
        assumed = arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")
        return f"""<{action}Response xmlns="{_NAMESPACE}">
  <{action}Result>
    <AssumedRoleUser>
      <AssumedRoleId>AROAEXAMPLE:{escape(session)}</AssumedRoleId>
      <Arn>{escape(assumed)}/{escape(session)}</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>{made.key_id}</AccessKeyId>
      <SecretAccessKey>{made.secret}</SecretAccessKey>
      <SessionToken>{made.token}</SessionToken>
      <Expiration>{expiry:%Y-%m-%dT%H:%M:%SZ}</Expiration>
    </Credentials>
  </{action}Result>
  <ResponseMetadata>
    <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
  </ResponseMetadata>
</{action}Response>
"""


def _trusts(role: Role, request: Request, form: Mapping[str, str]) -> bool:
    known = role.callers is None or claimed_key_id(request) in role.callers
    return known and role.external_id == form.get("ExternalId")


def _error(error: AwsError) -> bytes:
    return f"""<ErrorResponse xmlns="{_NAMESPACE}">
  <Error>
    <Type>Sender</Type>
    <Code>{error.kind}</Code>
    <Message>{escape(error.message)}</Message>
  </Error>
  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
</ErrorResponse>
""".encode()

"""A fake AWS: SSM and Secrets Manager over real sockets, strict about signatures.

    with FakeAws() as aws:
        aws.parameters.put("/stripeSecretKey/live", "sk_live_…")
        aws.faults.once("GetParameters", THROTTLE, Delivery.RESET)
        subprocess.run([…], env=aws.environment())
        aws.wait_for_calls(3)

Both services answer at one address and are told apart by `X-Amz-Target`. A call is recorded when
it arrives, before anything that may hold it; then come, in this order: the signature, the fault
that was planned, the quota, the service itself.
"""

import datetime
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate

from tests.canary.watch import WATCH
from tests.fakes.aws_body import Body, decode
from tests.fakes.aws_error import CONTENT_TYPE, AwsError
from tests.fakes.calls import Call, CallLog
from tests.fakes.certificates import Certificate
from tests.fakes.faults import Deny, Fault, Refuse, Reply, wait_out
from tests.fakes.faulty_service import FaultyService
from tests.fakes.http_service import Delivery, Request, Response
from tests.fakes.parameter_store import ParameterStore
from tests.fakes.quota import Quota
from tests.fakes.secrets_manager import SecretsManager
from tests.fakes.signature import Credentials, KeyRing, verify
from tests.patience import PATIENCE

ACCOUNT = "123456789012"
REGION = "eu-west-1"
_CALLER = f"arn:aws:sts::{ACCOUNT}:assumed-role/function-role/function"
_SERVICES = {"AmazonSSM": "ssm", "secretsmanager": "secretsmanager"}


class FakeAws(FaultyService):
    """SSM and Secrets Manager of one account and region, until the `with` block ends.

    Args:
        certificate: Serve TLS with it; None for plain HTTP.
        region: The only region whose signatures count.
        account: The account's twelve digits.
        quota: Limit on the three SSM reads together; None for no limit.
        latency: Seconds that every call takes at least; for benchmarks.
        clock: Seconds since the epoch; what signatures' dates are held against.

    Attributes:
        parameters: What SSM holds.
        secrets: What Secrets Manager holds.
        faults: What goes wrong, and when.
        keys: The credentials known here.
        credentials: Those that `environment` hands out.
    """

    def __init__(
        self,
        certificate: Certificate | None = None,
        *,
        region: str = REGION,
        account: str = ACCOUNT,
        quota: Quota | None = None,
        latency: float = 0.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.region = region
        self._known_secrets = WATCH.known_secrets()
        self.secrets = SecretsManager(region, account, clock, self._known_secrets)
        self.parameters = ParameterStore(region, account, clock, self.secrets, self._known_secrets)
        self.keys = KeyRing(self._known_secrets)
        self.credentials = self.keys.issue()
        self._certificate = certificate
        self._quota = quota
        self._latency = latency
        self._clock = clock
        self._log = CallLog()
        self._tls = certificate.server_context() if certificate else None
        super().__init__(self.respond, self._tls)

    def close(self) -> None:
        """Let go of every held call and end every thread."""
        super().close()
        self._known_secrets.closed = True

    @property
    def connections(self) -> int:
        """How many connections were accepted so far."""
        return self._service.connections

    @property
    def failed_handshakes(self) -> int:
        """How many of them never finished their TLS handshake."""
        return self._service.failed_handshakes

    @property
    def calls(self) -> list[Call]:
        """The calls that have arrived so far, in order of arrival."""
        return self._log.all()

    @property
    def actions(self) -> list[str]:
        """The actions of these calls, e.g. `GetParameters`."""
        return [call.action for call in self.calls]

    def wait_for_calls(self, count: int, timeout: float = PATIENCE) -> list[Call]:
        """Wait until so many calls have arrived since the start, and return all there are.

        Raises:
            TimeoutError: Fewer arrived within `timeout` seconds.
        """
        return self._log.wait(count, timeout)

    def drop_connections(self) -> None:
        """Close every open connection now."""
        self._service.drop_connections()

    def impersonate(self, certificate: Certificate) -> None:
        """Serve TLS with another certificate from the next connection on."""
        assert self._tls is not None
        self._tls.load_cert_chain(certificate.chain, certificate.key)

    def rotate(self) -> Credentials:
        """Hand out new credentials from now on; the old ones have expired."""
        self.keys.expire(self.credentials)
        self.credentials = self.keys.issue()
        return self.credentials

    def environment(self, *, with_keys: bool = True) -> dict[str, str]:
        """The variables that lead an SDK, or Warmkey, here with credentials that are good.

        Args:
            with_keys: False leaves the credentials out, for a process that gets them elsewhere.
        """
        variables = {
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": self.url,
        }
        if self._certificate:
            variables["AWS_CA_BUNDLE"] = str(self._certificate.bundle)
        return variables | (self.credentials.environment() if with_keys else {})

    def respond(self, request: Request) -> Response:
        """The answer to a request, here or at another endpoint."""
        try:
            response = self._answer(request)
        except AwsError as error:
            response = error.response()
        date = formatdate(self._clock(), usegmt=True)
        own = (("x-amzn-RequestId", str(uuid.uuid4())), ("Date", date))
        return replace(response, headers=(*response.headers, *own))

    def _answer(self, request: Request) -> Response:
        prefix, _, action = request.headers.get("X-Amz-Target", "").rpartition(".")
        service = _SERVICES.get(prefix, "")
        body = decode(request.body)
        call = self._log.record(request, action, body or {})
        if not service or not request.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
            raise AwsError("UnknownOperationException")
        now = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC)
        verify(request, self.keys, self.region, service, now)
        if body is None:
            raise AwsError("SerializationException")
        return self._act(service, call, body)

    def _act(self, service: str, call: Call, body: Body) -> Response:
        if self._latency:
            time.sleep(self._latency)
        planned, name = self.faults.take(call.action, call.names)
        fault = wait_out(planned)
        self._refuse(service, call, fault, name)
        if isinstance(fault, Reply):
            headers = (("x-amzn-ErrorType", fault.error_type),) if fault.error_type else ()
            return Response(fault.status, fault.body, CONTENT_TYPE, headers)
        if service == "ssm" and self._quota and not self._quota.take():
            raise AwsError("ThrottlingException", "Rate exceeded")
        answer = self._serve(service, call.action, body)
        return replace(answer, delivery=fault) if isinstance(fault, Delivery) else answer

    def _serve(self, service: str, action: str, body: Body) -> Response:
        store = self.parameters if service == "ssm" else self.secrets
        try:
            answer = store.act(action, body)
        except AwsError as error:
            return error.response()
        return Response(200, json.dumps(answer).encode(), CONTENT_TYPE)

    def _refuse(self, service: str, call: Call, fault: Fault | None, name: str) -> None:
        if isinstance(fault, Refuse):
            raise fault.error()
        if isinstance(fault, Deny):
            store = self.parameters if service == "ssm" else self.secrets
            resource = store.resource(call.action, name)
            permission = f"{service}:{call.action}"
            raise AwsError(
                "AccessDeniedException",
                f"User: {_CALLER} is not authorized to perform: {permission} on resource: "
                f"{resource} because no identity-based policy allows the {permission} action",
                key="Message",
            )

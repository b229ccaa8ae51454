"""The instance metadata service of EC2, version 2 alone: no request without a session's token.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
"""

import datetime
import json
import secrets
import threading
import time
from collections.abc import Callable

from tests.fakes.faults import Refuse, Reply, wait_out
from tests.fakes.faulty_service import FaultyService
from tests.fakes.http_service import Delivery, Request, Response
from tests.fakes.signature import Credentials
from tests.patience import PATIENCE

TOKEN = "/latest/api/token"
ROLES = "/latest/meta-data/iam/security-credentials/"
_LONGEST = 21600  # seconds that a token lives
_TEXT = "text/plain"


class InstanceMetadata(FaultyService):
    """Hands out the credentials of an instance's role, until the `with` block ends.

    Faults stand under a request's target, or `ANY`.

    Args:
        credentials: What to hand out first.
        lifetime: Seconds from a request to the expiry that its answer names; may be negative.
        clock: Seconds since the epoch.

    Attributes:
        credentials: What is handed out from now on.
        lifetime: As above; may be changed at any time.
        role: The name of the instance's role; None where it has no instance profile.
        enabled: Whether the instance has its metadata service switched on.
        hop_limit: How many hops away a token's answer arrives.
        hops: How many the client is away: 2 in a container behind a bridge.
        faults: What goes wrong, and when.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        lifetime: float = 21600.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.credentials = credentials
        self.lifetime = lifetime
        self.role: str | None = "instance-role"
        self.enabled = True
        self.hop_limit, self.hops = 1, 1
        self._clock = clock
        self._tokens: set[str] = set()
        self._arrived = threading.Condition()
        self._requests: list[str] = []
        super().__init__(self._respond)

    @property
    def requests(self) -> list[str]:
        """The requests that have arrived so far, as `METHOD target`."""
        with self._arrived:
            return list(self._requests)

    def wait_for_requests(self, count: int, timeout: float = PATIENCE) -> None:
        """Wait until so many requests have arrived since the start.

        Raises:
            TimeoutError: Fewer arrived within `timeout` seconds.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._requests) >= count, timeout):
                raise TimeoutError(f"waited {timeout} s for {count}, got {self._requests}")

    def forget_tokens(self) -> None:
        """Answer 401 to every token that was handed out so far."""
        self._tokens.clear()

    def environment(self) -> dict[str, str]:
        """The variables that lead an SDK here."""
        return {"AWS_EC2_METADATA_SERVICE_ENDPOINT": self._service.url}

    def _respond(self, request: Request) -> Response:
        with self._arrived:
            self._requests.append(f"{request.method} {request.target}")
            self._arrived.notify_all()
        fault = wait_out(self.faults.take(request.target, ())[0])
        if isinstance(fault, Reply):
            return Response(fault.status, fault.body, _TEXT)
        if isinstance(fault, Refuse):
            return Response(fault.status, b"", _TEXT)
        response = self._answer(request)
        if isinstance(fault, Delivery):
            return Response(response.status, response.body, response.content_type, (), fault)
        return response

    def _answer(self, request: Request) -> Response:
        if not self.enabled or request.headers.get("X-Forwarded-For"):
            return Response(403, b"", _TEXT)
        if request.target == TOKEN:
            return self._token(request)
        if request.headers.get("X-aws-ec2-metadata-token") not in self._tokens:
            return Response(401, b"", _TEXT)
        if request.method != "GET" or self.role is None:
            return Response(404, b"", _TEXT)
        if request.target == ROLES:
            return Response(200, self.role.encode(), _TEXT)
        if request.target == ROLES + self.role:
            return Response(200, self._credentials(), _TEXT)
        return Response(404, b"", _TEXT)

    def _token(self, request: Request) -> Response:
        seconds = request.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if request.method != "PUT":
            return Response(405, b"", _TEXT)
        if not (seconds.isdecimal() and 1 <= int(seconds) <= _LONGEST):
            return Response(400, b"", _TEXT)
        if self.hops > self.hop_limit:
            return Response(200, delivery=Delivery.HANG)
        token = secrets.token_urlsafe(40)
        self._tokens.add(token)
        lives = (("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", seconds),)
        return Response(200, token.encode(), _TEXT, lives)

    def _credentials(self) -> bytes:
        now = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC)
        expiry = now + datetime.timedelta(seconds=self.lifetime)
        body = {
            "Code": "Success",
            "LastUpdated": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "Type": "AWS-HMAC",
            "AccessKeyId": self.credentials.key_id,
            "SecretAccessKey": self.credentials.secret,
            "Token": self.credentials.token,
            "Expiration": f"{expiry:%Y-%m-%dT%H:%M:%SZ}",
        }
        return json.dumps(body, indent=2).encode()

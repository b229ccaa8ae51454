"""The endpoint that AWS_CONTAINER_CREDENTIALS_FULL_URI names, as Lambda has it under SnapStart.

It answers as AWS's Rapid core does (github.com/aws/aws-lambda-runtime-interface-emulator,
lambda/rapi/handler/credentials.go): a token that it does not know is 404 with a line of text, and
the expiry is Go's RFC 3339 with nanoseconds. A request without its Host is 400 (RFC 9112 §3.2).
"""

import datetime
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.fakes.faults import ANY, Deny, Fault, Refuse, Reply, wait_out
from tests.fakes.faulty_service import FaultyService
from tests.fakes.http_service import Delivery, Request, Response
from tests.fakes.signature import Credentials
from tests.patience import PATIENCE

PATH = "/2021-04-23/credentials"
_UNKNOWN_TOKEN = b"cannot get credentials for the provided token\n"


class ContainerCredentials(FaultyService):
    """Hands out credentials to whoever has the token, until the `with` block ends.

    Faults stand under `ANY`; Deny is the answer to a wrong token.

    Args:
        credentials: What to hand out first; those of a FakeAws, for instance.
        lifetime: Seconds from a request to the expiry that its answer names; may be negative.
        clock: Seconds since the epoch.

    Attributes:
        credentials: What is handed out from now on.
        lifetime: As above; may be changed at any time.
        token: The Authorization header that is accepted.
        faults: What goes wrong, and when.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        lifetime: float = 3600.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.credentials = credentials
        self.lifetime = lifetime
        self.token = secrets.token_urlsafe(64)
        self._clock = clock
        self._arrived = threading.Condition()
        self._requests = 0
        super().__init__(self._respond)

    @property
    def url(self) -> str:
        """The full address of the endpoint."""
        return self._service.url + PATH

    @property
    def requests(self) -> int:
        """How many requests have arrived so far."""
        with self._arrived:
            return self._requests

    def frozen_at(self, now: float) -> float:
        """Let time stand still there from now on, and return what it is."""
        self._clock = lambda: now
        return now

    def wait_for_requests(self, count: int, timeout: float = PATIENCE) -> None:
        """Wait until so many requests have arrived since the start.

        Raises:
            TimeoutError: Fewer arrived within `timeout` seconds.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: self._requests >= count, timeout):
                raise TimeoutError(f"waited {timeout} s for {count} requests, got {self._requests}")

    def environment(self, token_file: Path | None = None) -> dict[str, str]:
        """The variables that lead an SDK here.

        Args:
            token_file: Where to write the token, for AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE; None
                to hand it over in AWS_CONTAINER_AUTHORIZATION_TOKEN.
        """
        address = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": self.url}
        if token_file is None:
            return address | {"AWS_CONTAINER_AUTHORIZATION_TOKEN": self.token}
        token_file.write_text(self.token)
        return address | {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(token_file)}

    def _respond(self, request: Request) -> Response:
        with self._arrived:
            self._requests += 1
            self._arrived.notify_all()
        fault = wait_out(self.faults.take(ANY, ())[0])
        if request.headers.get_all("Host") != [self._service.url.partition("//")[2]]:
            return Response(400, b"400 Bad Request\n", "text/plain; charset=utf-8")
        if (request.method, request.target) != ("GET", PATH):
            return Response(404, b"404 page not found\n", "text/plain; charset=utf-8")
        return self._answer(request.headers.get("Authorization", ""), fault)

    def _answer(self, token: str, fault: Fault | None) -> Response:
        if isinstance(fault, Deny) or not hmac.compare_digest(token.encode(), self.token.encode()):
            return Response(404, _UNKNOWN_TOKEN, "text/plain; charset=utf-8")
        if isinstance(fault, Refuse):
            return fault.error().response()
        if isinstance(fault, Reply):
            return Response(fault.status, fault.body)
        expiry = datetime.datetime.fromtimestamp(self._clock() + self.lifetime, datetime.UTC)
        body = {
            "AccessKeyId": self.credentials.key_id,
            "SecretAccessKey": self.credentials.secret,
            "Token": self.credentials.token,
            "Expiration": f"{expiry:%Y-%m-%dT%H:%M:%S.%f}000Z",
        }
        delivery = fault if isinstance(fault, Delivery) else Delivery.WHOLE
        return Response(200, json.dumps(body).encode(), delivery=delivery)

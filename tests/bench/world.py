"""What is around an extension that starts: Lambda's Runtime API and SSM, with one clock."""

import json
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.bench.peer import Peer
from tests.bench.service import Service, response
from tests.fakes.certificates import Authority
from tests.rapid.ports import ReservedPort
from tests.rapid.runtime import function_environment

SECRET = "sk_test_canary000000000000000000"
ALIAS = "BENCH_SECRET"
TOKEN = "IQoJb3JpZ2luX2VjEB8aDGV1LWNlbnRyYWwtMSJHMEUCIQ"
_NAME = "/bench/secret"

_REGISTERED = response(
    b'{"functionName":"function","functionVersion":"$LATEST","handler":"app.handler"}',
    b"Lambda-Extension-Identifier: 5b6ad4ac-8f29-4a57-9d3c-3c1f8ab5f3d1",
)
_PARAMETER = {
    "ARN": f"arn:aws:ssm:eu-central-1:123456789012:parameter{_NAME}",
    "DataType": "text",
    "LastModifiedDate": 1763751600.123,
    "Name": _NAME,
    "Type": "SecureString",
    "Value": SECRET,
    "Version": 1,
}
_ANSWERS = {
    b"AmazonSSM.GetParameter": response(json.dumps({"Parameter": _PARAMETER}).encode()),
    b"AmazonSSM.GetParameters": response(
        json.dumps({"InvalidParameters": [], "Parameters": [_PARAMETER]}).encode()
    ),
}


@dataclass(slots=True)
class Moments:
    """When the requests of one start had come, in seconds of `time.monotonic`.

    Attributes:
        registered: The register request.
        called: The first call to SSM.
        ready: The request for the first event, which says that init is done.
    """

    registered: float | None = None
    called: float | None = None
    ready: float | None = None
    init_done: threading.Event = field(default_factory=threading.Event)


class World:
    """Runtime API and SSM, for the time of a `with` block.

    Attributes:
        moments: What was seen since `begin`.
        port: The port on which an extension shall serve.

    Args:
        place: A directory for certificates.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._authority = Authority(place)
        self._latency = 0.0
        self.moments = Moments()
        tls = self._authority.issue("localhost").server_context()
        with ExitStack() as stack:
            self._runtime_api = stack.enter_context(Service(self._answer_extension))
            self._ssm = stack.enter_context(Service(self._answer_ssm, tls))
            self.port = stack.enter_context(ReservedPort()).number
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def begin(self, latency: float = 0.0) -> Moments:
        """Forget what was seen, and let SSM take so many seconds for an answer."""
        self._latency = latency
        self.moments = Moments()
        return self.moments

    def environment(self, peer: Peer) -> dict[str, str]:
        """The variables of a function whose extension is this one; without Lambda's own."""
        variables = {
            "AWS_ACCESS_KEY_ID": "ASIAQNZGKIQY56JQ7WML",
            "AWS_SECRET_ACCESS_KEY": "ahEsTTrJDEmPyUSmTMAVTkZQhYdCt7Y5IYbMSoiV",
            "AWS_SESSION_TOKEN": TOKEN,
            "AWS_ENDPOINT_URL": f"https://localhost:{self._ssm.port}",
            "BENCH_PARAMETER": _NAME,
            "BENCH_PORT": str(self.port),
            ALIAS: f"warmkey:{_NAME}",
            "WARMKEY_PORT": str(self.port),
        }
        if peer.roots:
            variables[peer.trust] = str(self.bundle(peer))
        return variables

    def lambda_environment(self) -> dict[str, str]:
        """What Lambda itself sets for an extension that is started without it."""
        api = f"127.0.0.1:{self._runtime_api.port}"
        return {**function_environment("function"), "AWS_LAMBDA_RUNTIME_API": api}

    def bundle(self, peer: Peer) -> Path:
        """The authorities that a peer trusts in life, and the one of these tests."""
        path = self._place / f"{peer.name}.pem"
        if not path.exists():
            trusted = (*peer.roots, self._authority.bundle)
            path.write_bytes(b"\n".join(each.read_bytes() for each in trusted))
        return path

    def _answer_extension(self, head: bytes) -> bytes | None:
        now = time.monotonic()
        if b"/extension/register " in head:
            self.moments.registered = self.moments.registered or now
            return _REGISTERED
        self.moments.ready = self.moments.ready or now
        self.moments.init_done.set()
        return None  # no event comes

    def _answer_ssm(self, head: bytes) -> bytes:
        self.moments.called = self.moments.called or time.monotonic()
        if self._latency:
            time.sleep(self._latency)
        return _ANSWERS[_target(head)]


def _target(head: bytes) -> bytes:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"x-amz-target":
            return value.strip()
    raise ValueError(f"not a call to SSM: {head[:80]!r}")

"""What is around an extension that starts: Lambda's Runtime API and SSM, with one clock."""

import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.peer import Peer
from tests.bench.service import Service, response
from tests.bench.ssm import Record, Ssm
from tests.closing import Closing
from tests.fakes.certificates import Authority, rsa_2048
from tests.rapid.ports import ReservedPort
from tests.rapid.runtime import function_environment

SECRET = "sk_test_canary000000000000000000"
ALIAS = "BENCH_SECRET"
TOKEN = "IQoJb3JpZ2luX2VjEB8aDGV1LWNlbnRyYWwtMSJHMEUCIQ"
NAME = "/bench/secret"

_REGISTERED = response(
    b'{"functionName":"function","functionVersion":"$LATEST","handler":"app.handler"}',
    b"Lambda-Extension-Identifier: 5b6ad4ac-8f29-4a57-9d3c-3c1f8ab5f3d1",
)


@dataclass(slots=True)
class Moments:
    """When the requests of one start had come, in seconds of `time.monotonic`.

    Attributes:
        ssm: What came to SSM.
        registered: The register request.
        ready: The request for the first event, which says that init is done.
        init_done: Is set when it has come.
    """

    ssm: Record
    registered: float | None = None
    ready: float | None = None
    init_done: threading.Event = field(default_factory=threading.Event)

    @property
    def called(self) -> float | None:
        """The first call to SSM that has been answered."""
        return min((call.came for call in self.ssm.calls), default=None)


class World(Closing):
    """Runtime API and SSM, for the time of a `with` block.

    Args:
        place: A directory for certificates.

    Attributes:
        moments: What was seen since `begin`.
        port: The port on which an extension shall serve.
        authority: The certificate of the authority that SSM's was issued by, PEM.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        root = Authority(place, "Root of the benchmarks", make_key=rsa_2048)
        self.authority = root.bundle
        between = Authority(place, "Issuer of the benchmarks", root, rsa_2048)  # as AWS's has
        tls = between.issue("localhost").server_context()
        with ExitStack() as stack:
            self._runtime_api = stack.enter_context(Service(self._answer_extension))
            self._ssm = stack.enter_context(Ssm(tls, SECRET))
            self.port = stack.enter_context(ReservedPort()).number
            self._stack = stack.pop_all()
        self.begin()

    def close(self) -> None:
        """Stop all that was started."""
        self._stack.close()

    def begin(self, answering: float = 0.0, connecting: float = 0.0) -> Moments:
        """Forget what was seen, and let SSM be slow.

        Args:
            answering: How long a call waits for its answer, in seconds.
            connecting: How long a new connection waits for its TLS handshake, likewise.
        """
        self.moments = Moments(self._ssm.begin(connecting, answering))
        return self.moments

    def environment(self, peer: Peer) -> dict[str, str]:
        """The variables of a function whose extension is this one; without Lambda's own."""
        return {**self.account(), **self.declared({ALIAS: NAME}), **self.trust(peer)}

    def account(self) -> dict[str, str]:
        """The credentials, and where SSM is."""
        return {
            "AWS_ACCESS_KEY_ID": "ASIAQNZGKIQY56JQ7WML",
            "AWS_SECRET_ACCESS_KEY": "ahEsTTrJDEmPyUSmTMAVTkZQhYdCt7Y5IYbMSoiV",
            "AWS_SESSION_TOKEN": TOKEN,
            "AWS_ENDPOINT_URL": f"https://localhost:{self._ssm.port}",
        }

    def declared(self, names: Mapping[str, str]) -> dict[str, str]:
        """What tells any extension which parameters to serve, and on which port.

        Args:
            names: The parameters' names, by alias.
        """
        return {
            **listed(names),
            "BENCH_PORT": str(self.port),
            "WARMKEY_PORT": str(self.port),
            **{alias: f"warmkey:{name}" for alias, name in names.items()},
        }

    def trust(self, peer: Peer) -> dict[str, str]:
        """What tells an extension to trust SSM, beside whom it trusts in life."""
        if not peer.roots:
            return {}
        return {peer.trust: str(self.bundle(peer.name, *peer.roots))}

    def bundle(self, name: str, *roots: Path) -> Path:
        """A file with some authorities and the one of these tests.

        Args:
            name: The file's name, without its ending.
            roots: PEM files.
        """
        path = self._place / f"{name}.pem"
        if not path.exists():
            path.write_bytes(b"\n".join(each.read_bytes() for each in (*roots, self.authority)))
        return path

    def lambda_environment(self) -> dict[str, str]:
        """What Lambda itself sets for an extension that is started without it."""
        api = f"127.0.0.1:{self._runtime_api.port}"
        return {**function_environment("function"), "AWS_LAMBDA_RUNTIME_API": api}

    def _answer_extension(self, head: bytes, _body: bytes) -> bytes | None:
        now = time.monotonic()
        if b"/extension/register " in head:
            self.moments.registered = self.moments.registered or now
            return _REGISTERED
        self.moments.ready = self.moments.ready or now
        self.moments.init_done.set()
        return None  # no event comes


def listed(names: Mapping[str, str]) -> dict[str, str]:
    """The variable that lists parameters for who knows nothing of Warmkey.

    Args:
        names: The parameters' names, by alias.
    """
    return {"BENCH_PARAMETERS": ",".join(f"{alias}={name}" for alias, name in names.items())}

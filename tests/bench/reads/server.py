"""Those who answer reads, each with the same value: the built daemon, and a server in Go."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.peers import BUILD
from tests.bench.start.page_cache import StillCached, evict
from tests.bench.world import ALIAS, SECRET, TOKEN
from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.languages.go import go_environment
from tests.languages.language import Unavailable
from tests.rapid.layer import unpack

OURS = "Warmkey"
GO = "Go net/http"
OURS_AS_AGENT = "Warmkey, as the agent"
AGENT = "AWS's agent, in Rust"
LABELS = (OURS, GO, OURS_AS_AGENT, AGENT)
"""All of them, in the order of the tables."""

_SOURCE = Path(__file__).with_name("server_go")


@dataclass(frozen=True, slots=True)
class Server:
    """One of those who are read from.

    Attributes:
        label: What the tables call it.
        pid: Its process.
        port: Its port on 127.0.0.1.
        token: What it wants.
        path: Where the secret is.
    """

    label: str
    pid: int
    port: int
    token: str
    path: str = f"/v1/secrets/{ALIAS}"

    @property
    def url(self) -> str:
        """Where the secret is."""
        return f"http://{LOOPBACK}:{self.port}{self.path}"


def secret_path(name: str) -> str:
    """Where AWS's own agent has a secret of Secrets Manager, and Warmkey, too."""
    return f"/secretsmanager/get?secretId={name}"


@contextmanager
def warmkey() -> Iterator[Server]:
    """The built daemon, with a parameter and a secret that it has fetched over TLS."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warmkey-bench-")))
        certificate = Authority(place / "authority").issue(LOOPBACK)
        aws = stack.enter_context(FakeAws(certificate))
        aws.parameters.put("/bench", SECRET)
        aws.secrets.put("bench", SECRET)
        api = stack.enter_context(FakeRuntimeApi())
        declared = {ALIAS: "warmkey:/bench", "AGENT": "warmkey:secretsmanager:bench"}
        environment = {**aws.environment(), **declared, "WARMKEY_TTL": "3600"}
        layer = unpack(place / "opt")
        with suppress(StillCached):  # a file system in memory has nothing else
            evict(layer / each for each in ("extensions/warmkey", "warmkey/warmkey"))
        daemon = stack.enter_context(Daemon(layer, api, environment))
        daemon.wait_until_ready()
        yield Server(OURS, daemon.process.pid, daemon.port, daemon.token)


def as_agent(ours: Server) -> Server:
    """The same daemon, asked as AWS's agent is."""
    return replace(ours, label=OURS_AS_AGENT, path=secret_path("bench"))


@contextmanager
def go(place: Path = BUILD) -> Iterator[Server]:
    """The server in Go.

    Args:
        place: Where it is built.

    Raises:
        Unavailable: There is no Go, or the server cannot be built.
    """
    environment = {"BENCH_ALIAS": ALIAS, "BENCH_VALUE": SECRET, "BENCH_TOKEN": TOKEN}
    with subprocess.Popen(  # noqa: S603
        [str(_built(place))], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield Server(GO, process.pid, int(process.stdout.readline()), TOKEN)
        finally:
            process.kill()


def _built(place: Path) -> Path:
    compiler = shutil.which("go")
    if compiler is None:
        raise Unavailable("there is no Go (`go`): `make tools` installs it")
    executable = place / "reads-go"
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(  # noqa: S603
        [compiler, "build", "-trimpath", "-buildvcs=false", "-o", str(executable), "."],
        cwd=_SOURCE,
        env=go_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"the server in Go cannot be built: {done.stderr.strip()}")
    return executable

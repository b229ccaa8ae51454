"""AWS's own agent, in Rust: the Workload Credentials Provider, formerly Secrets Manager Agent.

It is built from its registry, at one version and with the versions of its own Cargo.lock, and kept
where the benchmarks build. https://github.com/aws/aws-workload-credentials-provider
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.bench.peers import BUILD
from tests.bench.reads.server import AGENT, Server, secret_path
from tests.bench.world import SECRET, TOKEN
from tests.fakes.aws import FakeAws
from tests.fakes.heads import TOKEN_HEADER
from tests.languages.language import Unavailable
from tests.patience import PATIENCE
from tests.rapid.ports import ReservedPort

CRATE = "aws_workload_credentials_provider"
VERSION = "3.1.2"
_PROGRAM = "aws-workload-credentials-provider"
_TTL = 3600  # seconds: nothing is refreshed while it is measured
# It would call STS before it serves, and write its log beside wherever it is started.
_CONFIGURATION = """\
http_port = {port}
ttl_seconds = {ttl}
validate_credentials = false
log_to_file = false
log_level = "error"
"""


@contextmanager
def agent(place: Path = BUILD) -> Iterator[Server]:
    """The agent, with one secret in its cache.

    Args:
        place: Where it is built.

    Raises:
        Unavailable: It can't be built here, or does not serve.
    """
    executable = built(place)
    with (
        FakeAws() as aws,
        ReservedPort() as port,
        tempfile.TemporaryDirectory(prefix="warmkey-bench-") as folder,
    ):
        aws.secrets.put("bench", SECRET)
        configuration = Path(folder, "configuration.toml")
        configuration.write_text(_CONFIGURATION.format(port=port.number, ttl=_TTL))
        with subprocess.Popen(  # noqa: S603
            [str(executable), "sm", "start", "--config", str(configuration)],
            cwd=folder,
            env={**aws.environment(), "AWS_TOKEN": TOKEN},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                server = Server(AGENT, process.pid, port.number, TOKEN, secret_path("bench"))
                _wait_until_it_serves(process, server)
                yield server
            finally:
                process.kill()


def built(place: Path) -> Path:
    """Build the agent, unless that is done.

    Args:
        place: Where it is kept.

    Raises:
        Unavailable: There is no Rust, or the registry cannot be reached.
    """
    if is_built(place):
        return _executable(place)
    cargo = shutil.which("cargo")
    if cargo is None:
        raise Unavailable(
            "there is no Rust (`cargo`): `make tools` installs it, or https://rustup.rs"
        )
    root, compiled = _root(place), place / f"{_root(place).name}-compiled"
    command = [cargo, "install", CRATE, f"--version={VERSION}", "--locked", "--quiet"]
    done = subprocess.run(  # noqa: S603
        [*command, f"--root={root}", f"--target-dir={compiled}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"{CRATE} {VERSION} cannot be built: {done.stderr.strip()}")
    shutil.rmtree(compiled, ignore_errors=True)  # until then it is kept, so that one can go on
    return _executable(place)


def is_built(place: Path) -> bool:
    """Whether it is kept there already."""
    return _executable(place).exists()


def _executable(place: Path) -> Path:
    return _root(place) / "bin" / _PROGRAM


def _root(place: Path) -> Path:
    return place / f"agent-{VERSION}"


def _wait_until_it_serves(process: subprocess.Popen[str], server: Server) -> None:
    """Wait until it listens, and have it fetch the secret.

    Raises:
        Unavailable: It ends, or has another answer than the secret.
    """
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "listening on" in line:
            break
    else:
        raise Unavailable(f"it ends at once: {said.strip() or 'it printed nothing'}")
    response = requests.get(server.url, headers={TOKEN_HEADER: TOKEN}, timeout=PATIENCE)
    if not response.ok or response.json()["SecretString"] != SECRET:
        raise Unavailable(f"it answers {response.status_code}: {response.text}")

"""A process that leaks a secret is caught, whatever it does with it."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.canary.process import assert_leaves_no_core
from tests.canary.temporary_files import TemporaryFiles
from tests.canary.watch import WATCH, Leak
from tests.fakes.aws import FakeAws
from tests.integration.process import EndpointProcess

SECRET = "canary-77aa"
SERVES = """
import http.server, os, sys
secret = {backwards!r}[::-1]  # so that the code, which is an argument, doesn't hold it
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status})
        self.end_headers()
        self.wfile.write({body}.encode())
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", int(os.environ["WARMKEY_PORT"])), Handler)
{leak}
print('{{"message": "ready"}}', flush=True)
server.serve_forever()
"""


@pytest.fixture(autouse=True)
def aws() -> Iterator[FakeAws]:
    """AWS, with one secret in it."""
    with FakeAws() as aws:
        aws.parameters.put("/p", SECRET)
        yield aws


def serving(
    *arguments: str,
    leak: str = "",
    status: int = 200,
    body: str = "''",
    variables: Mapping[str, str] = MappingProxyType({}),
) -> EndpointProcess:
    """A process that serves anything at all, and leaks the secret in one way."""
    code = SERVES.format(backwards=SECRET[::-1], leak=leak, status=status, body=body)
    return EndpointProcess([sys.executable, "-c", code, *arguments], variables)


def ask(process: EndpointProcess) -> None:
    """Ask it for the secret, once it serves."""
    process.wait_for_line("ready")
    process.get("/v1/secrets/P")


@pytest.mark.parametrize(
    ("process", "place"),
    [
        pytest.param(serving(leak="print(secret)"), "printed", id="output"),
        pytest.param(serving(leak="print(secret, file=sys.stderr)"), "printed", id="errors"),
        pytest.param(serving(body="secret"), "its status", id="status"),
        pytest.param(serving(SECRET), "cmdline", id="arguments"),
        pytest.param(serving(variables={"KEY": SECRET}), "environ", id="variables"),
    ],
)
def test_a_process_that_leaks_is_caught_when_it_ends(process: EndpointProcess, place: str) -> None:
    """Nobody has to ask for it."""
    with pytest.raises(Leak, match=place), process:
        process.wait_for_line("ready")


def test_a_process_that_tells_nothing_is_let_be(aws: FakeAws) -> None:
    """Its own credentials are its own."""
    with serving(variables=aws.credentials.environment()) as process:
        process.wait_for_line("ready")


def test_an_error_that_tells_a_secret_is_caught() -> None:
    """Where it was answered."""
    with (
        pytest.raises(Leak, match="the answer to /v1/secrets/P"),
        serving(status=500, body="secret") as process,
    ):
        ask(process)


def test_an_open_file_with_a_secret_is_caught(tmp_path: Path) -> None:
    """Though it has no name any more."""
    file = tmp_path / "kept"
    kept = (
        f"kept = open({str(file)!r}, 'w'); kept.write(secret); kept.flush(); os.unlink(kept.name)"
    )
    with pytest.raises(Leak, match="holds open"), serving(leak=kept) as process:
        process.wait_for_line("ready")


def test_a_file_with_a_secret_is_caught(tmp_path: Path) -> None:
    """Though whoever wrote it is gone."""
    files, left = TemporaryFiles(tmp_path), str(tmp_path / "warmkey.left")
    with serving(leak=f"print(secret, file=open({left!r}, 'w'))") as process:
        process.wait_for_line("ready")
    for path, text in files.texts():
        WATCH.note(str(path), text)
    with pytest.raises(Leak, match="left"):
        WATCH.look()


def test_a_daemon_that_would_leave_a_core_dump_is_caught(tmp_path: Path) -> None:
    """Its memory is full of secrets."""
    daemon = tmp_path / "warmkey/warmkey"
    daemon.parent.mkdir()
    shutil.copy(shutil.which("sleep") or "sleep", daemon)
    with subprocess.Popen([daemon, "60"]) as process:  # noqa: S603 - sleep, by another name
        try:
            _, most = resource.prlimit(process.pid, resource.RLIMIT_CORE)
            if most == 0:
                pytest.skip("nothing leaves a core dump here; raise the hard limit of `ulimit -c`")
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (1, 1))
            with pytest.raises(Leak, match="core dump"):
                assert_leaves_no_core(process.pid)
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))
            assert_leaves_no_core(process.pid)
        finally:
            process.kill()

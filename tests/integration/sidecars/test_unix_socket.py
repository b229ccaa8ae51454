"""A sidecar on a Unix socket: its own user alone reads, and reads from nobody else."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.clients.node_client import NodeClient
from tests.integration.clients.thin_client import ReadFailed
from tests.integration.conftest import Serve
from tests.integration.daemon import Daemon
from tests.integration.sidecar import from_sources
from tests.integration.sidecars.test_socket_activation import ACTIVATE
from tests.languages.go import GO
from tests.languages.language import Language
from tests.languages.rust import RUST
from tests.languages.shell import SHELL
from tests.languages.skipping import skipped_where_unavailable
from tests.patience import PATIENCE
from warmkey import Client, EndpointUnavailable

TOKEN = "token-of-the-sidecar"
NOBODY = 65534
SQUAT = """\
import socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
client, _ = listener.accept()
print(client.recv(1024), flush=True)
"""
ASK = """\
import socket, sys
client = socket.socket(socket.AF_UNIX)
client.connect(sys.argv[1])
try:
    client.sendall(sys.argv[2].encode())
    print(client.recv(1024))
except ConnectionError:
    print(b"")
"""
REQUEST = (
    "GET /v1/secrets/KEY HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    f"X-Aws-Parameters-Secrets-Token: {TOKEN}\r\n\r\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the socket is to be."""
    return tmp_path / "socket"


@pytest.fixture
def variables(path: Path) -> dict[str, str]:
    """What daemon and readers have."""
    return {"WARMKEY_SOCKET": str(path), "WARMKEY_TOKEN": TOKEN}


@pytest.fixture
def serve_there(aws: FakeAws, serve: Serve, variables: dict[str, str]) -> Serve:
    """Starts the sidecar there, with a secret, and any other command as `serve` does."""
    aws.parameters.put("/key", "canary")
    return lambda *given, **more: serve(*given, KEY="warmkey:/key", **{**variables, **more})


def answer(path: Path) -> bytes:
    """What a request with the token is answered."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(PATIENCE)
        client.connect(str(path))
        client.sendall(REQUEST.encode())
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_unix_socket_is_served_and_no_port(serve_there: Serve, path: Path) -> None:
    """Its file is its user's alone."""
    sidecar = serve_there().wait_until_ready()
    assert answer(path).endswith(b"\r\n\r\ncanary")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, sidecar.port), PATIENCE)
    assert sidecar.wait_for_line('"ready"')["socket"] == str(path)


def test_the_token_is_asked_for_all_the_same(serve_there: Serve, path: Path) -> None:
    """As not each program of a user's is to have its secrets."""
    serve_there().wait_until_ready()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(str(path))
        client.sendall(REQUEST.replace(TOKEN, "another").encode())
        assert client.recv(65536).startswith(b"HTTP/1.1 403 ")


def test_the_file_of_a_daemon_that_was_killed_is_replaced(serve_there: Serve, path: Path) -> None:
    """Nobody listens on it any more."""
    first = serve_there().wait_until_ready()
    first.process.kill()
    first.wait_for_end()
    assert path.is_socket()
    serve_there().wait_until_ready()
    assert answer(path).endswith(b"canary")


def test_a_second_daemon_leaves_the_first_alone(serve_there: Serve, path: Path) -> None:
    """It says that somebody listens there."""
    serve_there().wait_until_ready()
    second = serve_there()
    assert second.wait_for_end() == 1
    assert "somebody listens there already" in second.output
    assert answer(path).endswith(b"canary")


def test_a_file_that_is_no_socket_is_not_removed(serve_there: Serve, path: Path) -> None:
    """It may be anybody's."""
    path.write_text("mine")
    sidecar = serve_there()
    assert sidecar.wait_for_end() == 1
    assert "a file that is no socket is in its place" in sidecar.output
    assert path.read_text() == "mine"


def test_a_folder_that_others_can_write_to_is_refused(serve_there: Serve, path: Path) -> None:
    """They could put a socket of their own in its place."""
    path.parent.chmod(0o777)
    sidecar = serve_there()
    assert sidecar.wait_for_end() == 1
    assert "others than its user can write to its folder" in sidecar.output


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("socket", "it is no absolute path"),
        ("/nowhere/socket", "No such file or directory"),
        (f"/{'x' * 107}", "it is longer than 107 bytes"),
    ],
)
def test_a_path_that_can_not_be_is_told(serve_there: Serve, path: str, reason: str) -> None:
    """With what to do."""
    sidecar = serve_there(WARMKEY_SOCKET=path)
    assert sidecar.wait_for_end() == 1
    assert f"{path!r}, where the endpoint can't listen: {reason}" in sidecar.output
    assert "name a file in a folder that its user alone can write to" in sidecar.output


def test_a_longest_path_is_served(serve_there: Serve, tmp_path: Path) -> None:
    """Of 107 bytes."""
    path = Path(str(tmp_path / "x").ljust(107, "x"))
    serve_there(WARMKEY_SOCKET=str(path)).wait_until_ready()
    assert answer(path).endswith(b"canary")


def test_the_python_client_reads_it(serve_there: Serve, variables: dict[str, str]) -> None:
    """With the same two variables."""
    serve_there().wait_until_ready()
    assert Client(variables).get("KEY") == "canary"


def test_the_exec_wrapper_reads_it(serve_there: Serve, variables: dict[str, str]) -> None:
    """A binary secret's type, too, which takes a second request."""
    serve_there().wait_until_ready()
    done = subprocess.run(  # noqa: S603 - our own program
        [*from_sources("exec"), "--", "/bin/sh", "-c", "echo $KEY"],
        env={"PATH": os.environ["PATH"], "KEY": "warmkey:/key", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("canary\n", "")


def test_the_exec_wrapper_names_it_where_nobody_listens(variables: dict[str, str]) -> None:
    """And the variable."""
    done = subprocess.run(  # noqa: S603 - our own program
        [*from_sources("exec"), "--", "/bin/true"],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"on {variables['WARMKEY_SOCKET']}: No such file" in done.stderr
    assert "is WARMKEY_SOCKET the same for both?" in done.stderr


@pytest.mark.parametrize("language", [GO, RUST, SHELL], ids=lambda each: each.name)
def test_the_files_to_copy_read_it(
    serve_there: Serve, variables: dict[str, str], language: Language
) -> None:
    """But for that of Java, whose HTTP client knows no Unix socket."""
    serve_there().wait_until_ready()
    assert language.reader is not None
    with skipped_where_unavailable():
        command = language.reader()
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, "2"],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["canary"] * 2


def test_the_node_client_reads_it(serve_there: Serve, variables: dict[str, str]) -> None:
    """Over one connection that it keeps."""
    serve_there().wait_until_ready()
    with NodeClient(variables) as client:
        assert client.get("KEY") == "canary"


def as_nobody() -> list[str]:
    """What runs a program of Python's as another user, whom root alone can be."""
    if os.geteuid():
        pytest.skip("only root can be several users")
    name = shutil.which("setpriv") or pytest.skip("there is no setpriv: `make tools` installs it")
    ids = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return [name, *ids, "--", sys.executable, "-IS", "-c"]


@pytest.fixture
def open_folder(path: Path) -> Path:
    """A folder into which everybody can write, and to which everybody can go."""
    for folder in (path.parent, *path.parent.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o011)
    path.parent.chmod(0o1777)
    return path


@pytest.fixture
def squatter(open_folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another user who listens in the sidecar's place, and prints what it is sent."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [*as_nobody(), SQUAT, str(open_folder)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"listening\n"
        yield process
        process.kill()


def test_a_client_shows_another_user_no_token(
    squatter: subprocess.Popen[bytes], variables: dict[str, str]
) -> None:
    """Who listens is asked of the kernel before anything is sent."""
    with pytest.raises(EndpointUnavailable, match="another user listens there"):
        Client(variables).get("KEY")
    assert squatter.stdout is not None
    assert squatter.stdout.readline() == b"b''\n"


def test_the_exec_wrapper_shows_another_user_no_token(
    squatter: subprocess.Popen[bytes], variables: dict[str, str]
) -> None:
    """In the same way."""
    done = subprocess.run(  # noqa: S603 - our own program
        [*from_sources("exec"), "--", "/bin/true"],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "another user listens there" in done.stderr
    assert squatter.stdout is not None
    assert squatter.stdout.readline() == b"b''\n"


@pytest.mark.usefixtures("squatter")
def test_the_node_client_refuses_a_socket_of_another_user(variables: dict[str, str]) -> None:
    """By the file's owner, as Node.js can't ask the kernel who listens."""
    with NodeClient(variables) as client, pytest.raises(ReadFailed) as caught:
        client.get("KEY")
    assert f"belongs to another user, {NOBODY}" in caught.value.message


def test_another_user_is_not_answered(serve_there: Serve, open_folder: Path) -> None:
    """Though somebody has made the file everybody's, and the token is right."""
    command = as_nobody()
    serve_there().wait_until_ready()
    open_folder.chmod(0o666)
    asked = [*command, ASK, str(open_folder), REQUEST]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "b''\n"
    assert answer(open_folder).endswith(b"canary")


def test_beside_a_socket_that_is_handed_over_it_is_refused(serve_there: Serve) -> None:
    """Of two places, nobody could say which is meant."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        activate = [sys.executable, "-ISc", ACTIVATE, str(listener.fileno())]
        command = [*activate, *from_sources("serve")]
        sidecar = serve_there(command, [listener.fileno()], LISTEN_FDS="1")
        assert sidecar.wait_for_end() == 1
    assert "LISTEN_FDS hands over another socket: remove it" in sidecar.output


def test_unix_socket_is_refused_in_lambda(layer: Path, path: Path) -> None:
    """There the port is bound before the daemon begins."""
    with FakeRuntimeApi() as api, FakeAws() as aws:
        given = {**aws.environment(), "WARMKEY_SOCKET": str(path)}
        with Daemon(layer, api, given) as daemon:
            assert daemon.wait_for_end() == 1
            assert "but this is Lambda: remove it" in daemon.output

"""The head start: what the launcher does, and what it leaves to Python."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from extension import http1, lambda_events
from extension.settings import port
from layer.build import launcher, targets
from layer.build.lock import Lock
from layer.build.plan import LOCK, REPOSITORY, Build
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.launcher import Launched, occupy
from tests.rapid.ports import ReservedPort

HANDED_OVER = {"LISTEN_FDS", "LISTEN_PID", "WARMKEY_REGISTERED_FD"}
PORT_TEXTS = (
    *("", "1", "80", "02773", "002773", "65535", "65536", "0", "00", "-1", "+2773", " 2773"),
    *("2773 ", "2773x", "0x10", "1e3", "2_773", "27.73", "4294970069", "9" * 20, "0" * 20 + "2773"),
    *("٢٧٧٣", "²", "\t", "2773\n"),
)


@pytest.fixture(scope="session")
def opt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layer's tree with the real launcher and the fake interpreter."""
    build, folder = Build(Lock.read(LOCK), REPOSITORY / "build/layer"), tmp_path_factory.mktemp("o")
    made = build.launcher(targets.host()) / "warmkey"
    for name in ("extensions/warmkey", "warmkey-exec"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(made, folder / name)
    fake = REPOSITORY / "tests/fakes/interpreter.c"
    (folder / "warmkey").mkdir()
    launcher.build(build.sysroot(targets.host()), folder / "warmkey/warmkey", fake)
    return folder


@pytest.fixture
def free() -> Iterator[ReservedPort]:
    """A port that nobody listens on."""
    with ReservedPort() as reserved:
        yield reserved


@pytest.fixture
def api() -> Iterator[FakeRuntimeApi]:
    """The Runtime API."""
    with FakeRuntimeApi() as running:
        yield running


def environment(api: str, port: ReservedPort | str) -> dict[str, str]:
    """What the launcher looks at."""
    number = port if isinstance(port, str) else str(port.number)
    return {"AWS_LAMBDA_RUNTIME_API": api, "WARMKEY_PORT": number}


def test_it_hands_over_a_listening_and_a_registering_socket(
    opt: Path, api: FakeRuntimeApi, free: ReservedPort
) -> None:
    """Both are open in the interpreter, and its environment says which is which."""
    with Launched(opt, environment(api.address, free)) as interpreter:
        assert interpreter.descriptors == {
            3: f"listens {free.address}",
            4: f"connected {api.address}",
        }
        assert {name: interpreter.variables[name] for name in HANDED_OVER} == {
            "LISTEN_FDS": "1",
            "LISTEN_PID": interpreter.pid,
            "WARMKEY_REGISTERED_FD": "4",
        }


def test_it_registers_as_python_would(opt: Path, free: ReservedPort) -> None:
    """The request is, byte for byte, the one that the daemon sends when it had no head start."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        expected = http1.build_request(lambda_events.register(address, "warmkey"))
        with Launched(opt, environment(address, free)):
            connection, _ = server.accept()
            with connection:
                assert connection.recv(65536) == expected


def test_the_api_takes_its_registration(opt: Path, api: FakeRuntimeApi, free: ReservedPort) -> None:
    """It is well formed, and names the launcher's own file."""
    with Launched(opt, environment(api.address, free)):
        seen = api.wait_for(Call.REGISTER)
    assert seen.headers["Lambda-Extension-Name"] == "warmkey"
    assert seen.body == b'{"events":["SHUTDOWN"]}'


def test_a_reader_can_connect_before_the_interpreter_accepts(
    opt: Path, api: FakeRuntimeApi, free: ReservedPort
) -> None:
    """It waits in the backlog."""
    with (
        Launched(opt, environment(api.address, free)),
        socket.create_connection(("127.0.0.1", free.number)) as reader,
    ):
        assert reader.getpeername()[1] == free.number


def test_the_own_name_of_the_port_wins(opt: Path, api: FakeRuntimeApi, free: ReservedPort) -> None:
    """As in the daemon's settings."""
    official = {"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": "1"}
    with Launched(opt, {**environment(api.address, free), **official}) as interpreter:
        assert interpreter.descriptors[3] == f"listens {free.address}"


def test_the_official_name_of_the_port_counts_too(
    opt: Path, api: FakeRuntimeApi, free: ReservedPort
) -> None:
    """Where the own one is not set, or empty."""
    official = {"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(free.number)}
    with Launched(opt, {**environment(api.address, ""), **official}) as interpreter:
        assert interpreter.descriptors[3] == f"listens {free.address}"


@pytest.mark.parametrize("own", PORT_TEXTS)
@pytest.mark.parametrize("official", ["", "80", "x"])
def test_it_listens_only_where_python_would(
    opt: Path, api: FakeRuntimeApi, own: str, official: str
) -> None:
    """Whatever the two variables hold."""
    variables = {
        "WARMKEY_PORT": own,
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": official,
        "AWS_LAMBDA_RUNTIME_API": api.address,
    }
    with Launched(opt, variables) as interpreter:
        listens = interpreter.descriptors.get(3)
    if listens is not None:
        assert listens == f"listens 127.0.0.1:{port(variables)}"


def test_a_port_that_is_taken_is_left_to_python(opt: Path, api: FakeRuntimeApi) -> None:
    """It registers all the same, so that Python can report the port."""
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        Launched(opt, environment(api.address, str(other.getsockname()[1]))) as interpreter,
    ):
        assert interpreter.descriptors == {4: f"connected {api.address}"}
        assert HANDED_OVER & interpreter.variables.keys() == {"WARMKEY_REGISTERED_FD"}


@pytest.mark.parametrize("text", ["x", "0", "65536", "2773 "])
def test_a_malformed_port_is_left_to_python(opt: Path, api: FakeRuntimeApi, text: str) -> None:
    """It registers all the same, so that Python can report the setting."""
    with Launched(opt, environment(api.address, text)) as interpreter:
        assert interpreter.descriptors == {4: f"connected {api.address}"}
        assert HANDED_OVER & interpreter.variables.keys() == {"WARMKEY_REGISTERED_FD"}


@pytest.mark.parametrize(
    "address",
    [
        "localhost:9001",
        "example.com:9001",
        "[::1]:9001",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:9001/",
        "127.0.0.1 :9001",
        ":9001",
        "127.0.0.1:9001:1",
        "1" * 64 + ":9001",
        "127.1:9001",
    ],
)
def test_an_api_that_is_no_address_is_left_to_python(
    opt: Path, free: ReservedPort, address: str
) -> None:
    """A host name above all: to look one up is not the launcher's work."""
    with Launched(opt, environment(address, free)) as interpreter:
        assert interpreter.descriptors == {3: f"listens {free.address}"}
        assert "WARMKEY_REGISTERED_FD" not in interpreter.variables


def test_an_api_that_refuses_is_asked_for_10_ms_and_left_to_python(
    opt: Path, free: ReservedPort
) -> None:
    """Lambda opens its API beside starting extensions."""
    with ReservedPort() as nobody:
        began = time.monotonic()
        with Launched(opt, environment(nobody.address, free)) as interpreter:
            assert time.monotonic() - began >= 0.01
            assert interpreter.descriptors == {3: f"listens {free.address}"}
            assert "WARMKEY_REGISTERED_FD" not in interpreter.variables


@pytest.mark.parametrize("variables", [{}, {"AWS_LAMBDA_RUNTIME_API": ""}])
def test_outside_lambda_nothing_is_begun(
    opt: Path, free: ReservedPort, variables: dict[str, str]
) -> None:
    """Without a Runtime API it only becomes the interpreter."""
    with Launched(opt, {**variables, "WARMKEY_PORT": str(free.number)}) as interpreter:
        assert interpreter.descriptors == {}
        assert not HANDED_OVER & interpreter.variables.keys()


def test_a_command_begins_nothing(opt: Path, api: FakeRuntimeApi, free: ReservedPort) -> None:
    """`warmkey serve` and the others: their arguments go on untouched."""
    arguments = ("exec", "--", "a command", "", "--flag=ü")
    with Launched(opt, environment(api.address, free), *arguments) as interpreter:
        assert interpreter.arguments[1:] == list(arguments)
        assert interpreter.descriptors == {}
        assert not HANDED_OVER & interpreter.variables.keys()


def test_as_exec_wrapper_it_runs_exec(opt: Path, api: FakeRuntimeApi, free: ReservedPort) -> None:
    """`warmkey-exec COMMAND` is `warmkey exec -- COMMAND`."""
    given = environment(api.address, free)
    with Launched(opt, given, "python3", "-x", executable="warmkey-exec") as interpreter:
        assert interpreter.arguments == [
            str(opt / "warmkey-exec"),
            "exec",
            "--",
            "python3",
            "-x",
        ]
        assert interpreter.descriptors == {}


@pytest.mark.parametrize(("taken", "other"), [(3, 4), (4, 3)])
def test_a_descriptor_in_use_is_left_alone(
    opt: Path, api: FakeRuntimeApi, free: ReservedPort, taken: int, other: int
) -> None:
    """Whose it is, the launcher can't know; the other half of the head start happens."""
    with Launched(
        opt, environment(api.address, free), prepare=occupy(taken), descriptors=(taken,)
    ) as interpreter:
        assert interpreter.descriptors.keys() == {taken, other}
        assert interpreter.descriptors[taken] == "file"
        handed = {3: {"WARMKEY_REGISTERED_FD"}, 4: {"LISTEN_FDS", "LISTEN_PID"}}
        assert HANDED_OVER & interpreter.variables.keys() == handed[taken]


def test_a_request_that_is_sent_in_part_is_left_to_python(opt: Path, free: ReservedPort) -> None:
    """The connection is closed, so that Python registers on another."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 100)
        server.bind(("127.0.0.1", 0))
        server.listen()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        launched = Launched(opt, environment(address, free), name="/opt/" + "w" * 120_000)
        connection, _ = server.accept()
        assert connection.recv(1) == b"P"
        connection.close()  # with data unread, which resets the connection
        with launched as interpreter:
            assert interpreter.descriptors == {3: f"listens {free.address}"}
            assert "WARMKEY_REGISTERED_FD" not in interpreter.variables


def test_what_was_in_the_environment_is_no_head_start(opt: Path) -> None:
    """A variable that claims one is taken out; systemd's are kept."""
    claimed = {"WARMKEY_REGISTERED_FD": "4", "LISTEN_FDS": "1", "LISTEN_PID": "1", "A": "b"}
    with Launched(opt, claimed) as interpreter:
        assert interpreter.variables == {"LISTEN_FDS": "1", "LISTEN_PID": "1", "A": "b"}


def test_the_interpreter_is_found_wherever_the_layer_lies(
    opt: Path, tmp_path: Path, api: FakeRuntimeApi, free: ReservedPort
) -> None:
    """Also by way of a symbolic link, and whatever its name."""
    link = tmp_path / "other-name"
    link.symlink_to(opt / "extensions/warmkey")
    with Launched(tmp_path, environment(api.address, free), executable="other-name") as interpreter:
        assert interpreter.arguments == [str(link)]


def test_a_missing_interpreter_is_named(tmp_path: Path, opt: Path) -> None:
    """With the reason, and what a layer must look like."""
    (tmp_path / "extensions").mkdir()
    shutil.copy(opt / "extensions/warmkey", tmp_path / "extensions")
    path = tmp_path / "extensions/warmkey"
    done = subprocess.run([path], env={}, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 127
    assert f"cannot run {tmp_path}/warmkey/warmkey: No such file" in done.stderr
    assert "belong side by side" in done.stderr


def test_it_is_small_and_static(opt: Path) -> None:
    """At most 64 KB, and it asks for no loader."""
    contents = (opt / "extensions/warmkey").read_bytes()
    assert len(contents) <= 64 * 1024
    assert not re.search(rb"/lib[^\0]*/ld-", contents)

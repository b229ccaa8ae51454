"""The head start: what the launcher does; see test_launcher_refrains.py for what it leaves."""

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from extension.http import messages
from extension.run.extensions_api import events
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.launcher import HANDED_OVER, MOMENTS, Launched, environment
from tests.rapid.ports import ReservedPort


def test_the_launcher_hands_over_a_listening_and_a_registering_socket(
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


def test_the_launcher_tells_when_it_did_what(
    opt: Path, api: FakeRuntimeApi, free: ReservedPort
) -> None:
    """By the clock that Python looks at, too."""
    before = time.monotonic_ns()
    with Launched(opt, environment(api.address, free)) as interpreter:
        began, bound, registering = (int(interpreter.variables[name]) for name in MOMENTS)
    assert before < began < bound < registering < time.monotonic_ns()


def test_the_launcher_registers_as_python_would(opt: Path, free: ReservedPort) -> None:
    """The request is, byte for byte, the one that the daemon sends when it had no head start."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        expected = messages.build_request(events.register(address, "warmkey"))
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


def test_launcher_runs_exec_as_exec_wrapper(
    opt: Path, api: FakeRuntimeApi, free: ReservedPort
) -> None:
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


def test_environment_variable_is_no_head_start(opt: Path) -> None:
    """A variable that claims one is taken out; systemd's are kept."""
    claimed = {"WARMKEY_REGISTERED_FD": "4", "LISTEN_FDS": "1", "LISTEN_PID": "1", "A": "b"}
    with Launched(opt, {**claimed, **dict.fromkeys(MOMENTS, "1")}) as interpreter:
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


def test_the_launcher_is_small_and_static(opt: Path) -> None:
    """At most 64 KB, and it asks for no loader."""
    contents = (opt / "extensions/warmkey").read_bytes()
    assert len(contents) <= 64 * 1024
    assert not re.search(rb"/lib[^\0]*/ld-", contents)

"""A command in namespaces of its own: what it can do, and that nothing of it stays."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.fresh.space import Space
from tests.rapid.namespaces import ENVIRONMENT

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="`make fresh` takes root")


def said(space: Space, command: Sequence[str]) -> list[str]:
    """What a command prints there, line by line."""
    with space.started(command, ENVIRONMENT) as started:
        return [line.decode().rstrip("\n") for line in started.go()]


def test_the_command_is_process_1() -> None:
    """Of its own namespace, so that its end is everyone's."""
    assert said(Space(), ["sh", "-c", "echo $$"]) == ["1"]


def test_users_keep_their_numbers_in_a_namespace_of_their_own() -> None:
    """A file of user 1000 is still theirs."""
    assert said(Space(users=True), ["cat", "/proc/self/uid_map"])[0].split() == ["0", "0", "65536"]


def test_user_namespaces_can_be_refused_there_alone() -> None:
    """This machine's own setting stays as it is."""
    setting = Path("/proc/sys/user/max_user_namespaces")
    before = setting.read_text()
    script = f"echo 0 >{setting} && ! unshare --user true 2>&1"
    assert "unshare failed" in said(Space(users=True), ["sh", "-c", script])[0]
    assert setting.read_text() == before


def test_its_exit_status_is_told() -> None:
    """Whatever it is."""
    with Space().started(["sh", "-c", "exit 3"], ENVIRONMENT) as started:
        assert list(started.go()) == []
    assert started.process.returncode == 3


def test_its_network_is_loopback_alone() -> None:
    """Where we can listen for it, on a port that may be taken here."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        script = f"import socket; print(socket.create_connection(('127.0.0.1', {port})).recv(9))"
        with (
            Space(network=True).started(["python3", "-c", script], ENVIRONMENT) as started,
            started.listener(port) as listener,
        ):
            lines = started.go()
            listener.settimeout(60)
            line, _ = listener.accept()
            line.sendall(b"hello")
            line.close()
            assert list(lines) == [b"b'hello'\n"]


def test_processes_do_not_outlive_the_space() -> None:
    """Not even what has left its session."""
    script = "setsid sleep 1000 & echo $!; sleep 1000"
    with Space().started(["sh", "-c", script], ENVIRONMENT) as started:
        next(started.go())
        namespace = Path(f"/proc/{_child(started.process.pid)}/ns/pid").readlink()
    assert namespace not in _process_namespaces()


def _child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _process_namespaces() -> set[Path]:
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found.add((process / "ns/pid").readlink())
        except OSError:  # it has just ended
            continue
    return found

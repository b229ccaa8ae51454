"""The daemon's process is out of reach of other code that runs as its own user."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.layer_root import build_c
from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.integration.process import EndpointProcess
from tests.rapid.layer import unpack
from tests.rapid.ports import ReservedPort

NOBODY = 65534
SEEN = ("comm", "stat", "status", "task/*/comm", "task/*/cmdline")
"""What of `/proc/PID` every user may read."""
SPY = Path(__file__).with_name("spy.c")
FIRST_CALLS = Path(__file__).with_name("first_calls.c")
BEFORE = {"arch_prctl": 158, "set_tid_address": 218}
"""What musl calls before `main` on x86-64; on arm64 the second alone, as number 96."""
TRACER = Path(__file__).with_name("tracer.c")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """The unpacked layer and the spy, in a folder that every user can read."""
    with tempfile.TemporaryDirectory() as path:
        Path(path).chmod(0o755)
        unpack(Path(path))
        build_c(SPY, Path(path) / "spy")
        build_c(TRACER, Path(path) / "tracer")
        yield Path(path)


def as_ordinary_user() -> tuple[str, ...]:
    """What runs a command as a user without privileges: root sees everything."""
    if os.geteuid():
        return ()
    name = shutil.which("setpriv") or pytest.skip("there is no setpriv: `make tools` installs it")
    return (name, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--")


def spied(folder: Path, pid: int) -> dict[str, str]:
    """What a process of the same user gets to see of another."""
    command = [*as_ordinary_user(), str(folder / "spy"), str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def test_the_spy_sees_an_ordinary_process(folder: Path) -> None:
    """Or the next test could not fail."""
    reader = [*as_ordinary_user(), "cat"]
    with subprocess.Popen(  # noqa: S603
        reader, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b".")
        process.stdin.flush()
        assert process.stdout.read(1) == b"."  # it runs, as that user
        seen = spied(folder, process.pid)
        process.stdin.close()
    files = ("environ", "task", "auxv", "maps", "fd")
    assert {seen[name] for name in files} == {"allowed"}


def test_daemon_memory_is_not_seen_by_others(folder: Path) -> None:
    """Neither memory nor environment nor descriptors, by any call, and no debugger attaches."""
    with FakeAws() as aws, FakeRuntimeApi() as api:
        aws.parameters.put("/key", "value")
        given = {**aws.environment(), "KEY": "warmkey:/key"}
        with Daemon(folder, api, given, command=as_ordinary_user()) as daemon:
            daemon.wait_until_ready()
            assert daemon.read("KEY") == "value"
            seen = spied(folder, daemon.process.pid)
    files = ("environ", "task", "auxv", "maps", "fd", "mem")
    calls = ("process_vm_readv", "process_vm_writev", "pidfd_getfd", "ptrace")
    assert seen == {
        **dict.fromkeys(files, "Permission denied"),
        **dict.fromkeys(calls, "Operation not permitted"),
    }


def test_process_details_that_everybody_sees_hold_no_secret(folder: Path) -> None:
    """Its command line is its path alone; neither its value nor its keys stand in what is left."""
    with FakeAws() as aws, FakeRuntimeApi() as api:
        aws.parameters.put("/key", "canary")
        given = {**aws.environment(), "KEY": "warmkey:/key"}
        with Daemon(folder, api, given, command=as_ordinary_user()) as daemon:
            daemon.wait_until_ready()
            process = Path(f"/proc/{daemon.process.pid}")
            command = process.joinpath("cmdline").read_bytes()
            seen = [path.read_bytes() for name in SEEN for path in process.glob(name)]
        assert command == f"{folder}/extensions/warmkey\0".encode()
        assert len(seen) >= len(SEEN)
        for secret in ("canary", aws.credentials.secret):
            assert secret.encode() not in b"".join(seen)


def test_an_executable_that_its_user_can_not_read_runs(folder: Path) -> None:
    """As root may own it, so that the kernel keeps the process private from the first moment on."""
    executable = folder / "warmkey/warmkey"
    executable.chmod(0o711)
    try:
        run = [*as_ordinary_user(), str(executable), "version"]
        done = subprocess.run(run, capture_output=True, text=True, check=True)  # noqa: S603
    finally:
        executable.chmod(0o755)
    assert done.stdout.strip()


def test_the_process_writes_no_core_file(folder: Path) -> None:
    """Its limit is 0, on top of what the kernel refuses."""
    with (
        FakeAws() as aws,
        FakeRuntimeApi() as api,
        Daemon(folder, api, aws.environment()) as daemon,
    ):
        daemon.wait_until_ready()
        limits = Path(f"/proc/{daemon.process.pid}/limits").read_text("ascii").splitlines()
    core = next(line.split() for line in limits if line.startswith("Max core file size"))
    assert core[4:6] == ["0", "0"]


@pytest.mark.parametrize(
    "program",
    ["extensions/warmkey", "warmkey-exec", "warmkey/warmkey"],
    ids=["launcher", "wrapper", "interpreter"],
)
def test_the_process_refuses_to_be_traced(folder: Path, program: str) -> None:
    """A debugger that was attached before the process could become private would see all."""
    done = subprocess.run(  # noqa: S603
        [folder / "tracer", folder / program, "version"],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 127
    assert done.stdout == ""
    assert "a debugger is attached" in done.stderr


def test_the_tracer_traces(folder: Path) -> None:
    """Or the test before could not fail."""
    shell = shutil.which("sh") or "/bin/sh"
    text = "exec grep TracerPid /proc/self/status"
    command = [str(folder / "tracer"), shell, "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() != ["TracerPid:", "0"]


@pytest.mark.parametrize("program", ["extensions/warmkey", "warmkey-exec"])
def test_the_launcher_is_private_before_it_does_anything(folder: Path, program: str) -> None:
    """No variable is read, no file and no socket opened: only the C library has set itself up."""
    build_c(FIRST_CALLS, folder / "first_calls")
    command = [str(folder / "first_calls"), str(folder / program)]
    done = subprocess.run(command, env={}, capture_output=True, text=True, check=True)  # noqa: S603
    *calls, prctl, last = done.stdout.split()
    assert last == "undumpable"
    assert prctl in {"157", "167"}
    assert set(map(int, calls)) <= {*BEFORE.values(), 96}


@pytest.mark.parametrize("program", ["extensions/warmkey", "warmkey/warmkey"])
def test_daemon_memory_is_not_seen_however_it_is_started(folder: Path, program: str) -> None:
    """By the launcher, or without one, as in a container's image."""
    with FakeAws() as aws, FakeRuntimeApi() as api, ReservedPort() as port:
        given = {**aws.environment(), "AWS_LAMBDA_RUNTIME_API": api.address}
        given["WARMKEY_PORT"] = str(port.number)
        command = [*as_ordinary_user(), str(folder / program)]
        with EndpointProcess(command, given) as daemon:
            api.wait_for(Call.EVENT_NEXT)
            seen = spied(folder, daemon.process.pid)
    assert "allowed" not in seen.values()
    assert len(seen) == 10

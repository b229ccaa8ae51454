"""A program that is started through `/opt/warmkey-exec` can't tell it from being started itself."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.integration.conftest import serving
from tests.integration.exec_wrapper import ExecWrapper
from tests.patience import PATIENCE

ARGUMENTS = [b"", b"a b", b"it's", b'"', b"$HOME", b"*", b"--", b"-x", b"exec", b"\\n\n", b"\xff"]
SHOW_ARGUMENTS = "import os, sys; print([os.fsencode(each) for each in sys.argv[1:]])"
WRAPPER = '#!/bin/sh\nexport SEEN="$SEEN $(basename "$0"):$KEY:$WARMKEY_NEXT_WRAPPER"\n'


@pytest.fixture(scope="module")
def beside(layer: Path) -> Iterator[dict[str, str]]:
    """The variables of a function with one secret, beside its daemon."""

    def put(aws: FakeAws) -> dict[str, str]:
        aws.parameters.put("/key", "canary")
        return {"KEY": "/key"}

    with serving(layer, put) as daemon:
        yield {"WARMKEY_PORT": str(daemon.port), "AWS_SESSION_TOKEN": daemon.token}


@pytest.fixture
def wrapper(layer: Path, beside: dict[str, str]) -> ExecWrapper:
    """The wrapper of the built layer there."""
    return ExecWrapper(layer, beside)


def script(path: Path, text: str) -> Path:
    """An executable script."""
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_arguments_are_handed_over_untouched(wrapper: ExecWrapper) -> None:
    """Empty ones, quotes, and bytes that are no text."""
    done = wrapper.run(sys.executable, "-c", SHOW_ARGUMENTS, *ARGUMENTS)
    assert done.stdout.decode().strip() == str(ARGUMENTS), done.stderr


def test_the_program_is_the_process_that_was_started(wrapper: ExecWrapper) -> None:
    """There is none between it and Lambda."""
    program = wrapper.start("sh", "-c", "echo $$")
    assert program.communicate(timeout=PATIENCE)[0].decode().strip() == str(program.pid)


def test_the_exit_code_is_the_programs(wrapper: ExecWrapper) -> None:
    """Whatever it is."""
    assert wrapper.run("sh", "-c", "exit 7").returncode == 7


def test_a_signal_reaches_the_program(wrapper: ExecWrapper) -> None:
    """And ends it as the signal that it was."""
    with wrapper.start("sh", "-c", "echo ready; exec sleep 60") as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        program.send_signal(signal.SIGTERM)
        assert program.wait(PATIENCE) == -signal.SIGTERM


@pytest.mark.parametrize(
    "command",
    [
        ("grep", "-E", "^(Sig(Blk|Ign|Cgt)|NoNewPrivs|Seccomp|Umask):", "/proc/self/status"),
        ("cat", "/proc/self/limits"),
        ("ls", "/proc/self/fd"),
        ("cat", "/proc/self/cmdline"),
        ("pwd",),
    ],
    ids=["signals", "limits", "descriptors", "command", "directory"],
)
def test_inherited_state_is_the_same_as_without_the_wrapper(
    wrapper: ExecWrapper, command: tuple[str, ...]
) -> None:
    """Nothing is ignored, blocked, limited or left open."""
    bare = subprocess.run(  # noqa: S603
        command, stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    assert wrapper.run(*command).stdout == bare.stdout


def test_another_wrapper_comes_next(wrapper: ExecWrapper, tmp_path: Path) -> None:
    """It gets the secrets and the command, and may have a next one in its turn."""
    second = script(tmp_path / "second", WRAPPER + 'exec "$@"\n')
    first = script(tmp_path / "first", f'{WRAPPER}exec {shlex.quote(str(second))} "$@"\n')
    wrapper.environment["WARMKEY_NEXT_WRAPPER"] = str(first)
    done = wrapper.run("sh", "-c", 'echo "$SEEN|$1|$WARMKEY_NEXT_WRAPPER"', "sh", "an argument")
    assert done.stdout.decode() == " first:canary: second:canary:|an argument|\n"


def test_several_wrappers_come_in_their_order(wrapper: ExecWrapper, tmp_path: Path) -> None:
    """Each runs the next one, and the last the program; an empty path is none."""
    paths = [script(tmp_path / name, WRAPPER + 'exec "$@"\n') for name in ("one", "two", "three")]
    wrapper.environment["WARMKEY_NEXT_WRAPPER"] = ":".join(["", *map(str, paths), ""])
    done = wrapper.run("sh", "-c", 'echo "$SEEN|$1"', "sh", "an argument")
    assert done.stdout.decode() == " one:canary: two:canary: three:canary:|an argument\n"


@pytest.mark.parametrize(
    ("text", "mode", "code", "reason"),
    [
        (None, 0, 127, "No such file or directory"),
        ("#!/bin/sh\n", 0o644, 126, "it has no run bit; `chmod +x {path}` sets it"),
        (
            "#!/bin/sh\r\n",
            0o755,
            126,
            "its first line ends with CRLF; save it with LF alone",
        ),
    ],
)
@pytest.mark.parametrize("place", ["program", "first wrapper", "last wrapper"])
def test_a_program_that_cannot_be_run_is_named_with_the_reason(
    wrapper: ExecWrapper,
    tmp_path: Path,
    text: str | None,
    mode: int,
    code: int,
    reason: str,
    place: str,
) -> None:
    """With the exit codes of a shell, and before any other wrapper has begun."""
    path = tmp_path / "broken"
    if text is not None:
        script(path, text).chmod(mode)
    good = script(tmp_path / "good", '#!/bin/sh\necho begun\nexec "$@"\n')
    wrappers = {"program": [], "first wrapper": [path, good], "last wrapper": [good, path]}[place]
    wrapper.environment["WARMKEY_NEXT_WRAPPER"] = ":".join(map(str, wrappers))
    done = wrapper.run(str(path) if place == "program" else "true")
    said = f"warmkey: {path} can't be run: {reason.format(path=path)}\n"
    assert (done.returncode, done.stderr.decode(), done.stdout) == (code, said, b"")


def test_the_wrapper_may_be_its_own_next(wrapper: ExecWrapper) -> None:
    """What is filled already is left alone, and there is an end to it."""
    wrapper.environment["WARMKEY_NEXT_WRAPPER"] = str(wrapper.path)
    assert wrapper.run("sh", "-c", "echo $KEY").stdout == b"canary\n"


@pytest.mark.parametrize("name", ["program", "WARMKEY_NEXT_WRAPPER"])
def test_a_script_need_not_name_its_interpreter(
    wrapper: ExecWrapper, tmp_path: Path, name: str
) -> None:
    """It is a shell's then, as for a shell that starts it."""
    path = script(tmp_path / "script", 'echo "$KEY $1"\n')
    wrapper.environment[name] = str(path)
    assert wrapper.run(path, "an argument").stdout.startswith(b"canary ")


@pytest.mark.parametrize("path", ["{here}:/usr/bin:/bin", "/nowhere:{here}/no-folder:{here}"])
def test_a_program_is_found_as_a_shell_finds_it(
    wrapper: ExecWrapper, tmp_path: Path, path: str
) -> None:
    """By PATH, past what is no program."""
    (tmp_path / "no-folder").write_text("")
    script(tmp_path / "program", "#!/bin/sh\necho found\n")
    wrapper.environment["PATH"] = path.format(here=tmp_path)
    assert wrapper.run("program").stdout == b"found\n"


def test_system_programs_are_found_without_a_path(
    wrapper: ExecWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing in the current directory."""
    script(tmp_path / "program", "#!/bin/sh\necho found\n")
    monkeypatch.chdir(tmp_path)
    del wrapper.environment["PATH"]
    assert wrapper.refusal("program")[0] == 127
    assert wrapper.run("sh", "-c", "echo found").stdout == b"found\n"

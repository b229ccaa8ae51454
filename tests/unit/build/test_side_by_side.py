"""Works at once: what they say, what they return, how they fail, and how they are ended."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from layer.build.executables.toolchain import ToolError
from layer.build.plan import REPOSITORY
from layer.build.progress import Step, silent, told_on
from layer.build.side_by_side import SeveralFailed, side_by_side
from tests.patience import PATIENCE

_Work = Callable[[Step], int]
_INTERRUPTED = """\
import subprocess, sys
from layer.build.progress import silent
from layer.build.side_by_side import side_by_side

def work(step):
    with step("asleep"):
        return subprocess.call(["sh", "-c", "echo asleep; sleep 600; :"])

side_by_side([work, work], silent)
"""


def _fails(text: str) -> _Work:
    def work(step: Step) -> int:
        with step(text):
            raise ToolError(text)

    return work


def test_works_are_done_at_once_and_return_in_their_order() -> None:
    """Each of these two waits for the other."""
    pipes = [os.pipe(), os.pipe()]

    def work(number: int) -> _Work:
        def meet(step: Step) -> int:
            with step(f"work {number}", 3) as advance:
                os.write(pipes[number][1], b"x")
                advance(3)
                os.read(pipes[1 - number][0], 1)
            return number

        return meet

    assert side_by_side([work(0), work(1)], silent) == [0, 1]
    for pipe in pipes:
        os.close(pipe[0])
        os.close(pipe[1])


def test_one_work_alone_is_done_in_this_process() -> None:
    """Nothing is gained by another."""
    assert side_by_side([lambda _: os.getpid()], silent) == [os.getpid()]


def test_all_steps_are_told_of_here() -> None:
    """As if they had been made one after the other."""
    out = io.StringIO()

    def work(step: Step) -> int:
        with step(f"made by {os.getpid()}"):
            return os.getpid()

    made_by = side_by_side([work, work], told_on(Console(file=out, width=20)))
    for number in made_by:
        assert f"· made by {number}  " in out.getvalue()
    assert out.getvalue().count(" s\n") == len(made_by)


def test_a_work_goes_on_when_another_one_fails(tmp_path: Path) -> None:
    """What it makes is kept for the next build."""
    door = tmp_path / "door"
    os.mkfifo(door)

    def fails(step: Step) -> int:
        os.open(door, os.O_WRONLY)  # open until this process ends
        return _fails("one")(step)

    def goes_on(step: Step) -> int:
        assert door.read_bytes() == b""
        with step("two"):
            (tmp_path / "made").touch()
        return 2

    out = io.StringIO()
    with pytest.raises(ToolError, match="one") as raised:
        side_by_side([fails, goes_on], told_on(Console(file=out)))
    assert "in goes" not in str(raised.value.__cause__)
    assert "in fails" in str(raised.value.__cause__)
    assert (tmp_path / "made").exists()
    assert out.getvalue().startswith("· one  failed\n· two  ")


def test_the_failures_of_all_are_told_whole() -> None:
    """With where they were raised."""
    with pytest.raises(SeveralFailed, match="one\n") as raised:
        side_by_side([_fails("one"), _fails("two")], silent)
    assert [str(failure) for failure in raised.value.failures] == ["one", "two"]
    assert all("in work" in str(failure.__cause__) for failure in raised.value.failures)


def test_a_process_that_is_killed_is_told() -> None:
    """As one is that takes too much memory."""

    def work(step: Step) -> int:
        with step("killed"):
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    with pytest.raises(ChildProcessError, match="ended with -9"):
        side_by_side([work, lambda _: 1], silent)


def test_an_interrupt_ends_all_that_was_started() -> None:
    """Also one that reaches this process alone."""
    command = [sys.executable, "-c", _INTERRUPTED]
    with subprocess.Popen(  # noqa: S603
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as ran:
        assert ran.stdout
        assert [ran.stdout.readline() for _ in range(2)] == ["asleep\n"] * 2
        ran.send_signal(signal.SIGINT)
        # The pipes' other ends are open in all that was started.
        _, said = ran.communicate(timeout=PATIENCE)
    assert ran.returncode == -signal.SIGINT
    assert said.count("Traceback") == 1

"""What a build says of its steps."""

import io
import re

import pytest
from rich.console import Console

from layer.build.progress import silent, told_on


def test_a_step_is_a_line_with_its_time() -> None:
    """Begun when the step begins, so that one can see what is waited for."""
    out = io.StringIO()
    with told_on(Console(file=out))("x86_64/sysroot") as done:
        assert out.getvalue() == "· x86_64/sysroot"
        done(7)
    assert re.fullmatch(r"· x86_64/sysroot  \d+\.\d s\n", out.getvalue())


def test_a_step_moves_a_bar_on_a_terminal() -> None:
    """And leaves the same line there."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system=None, width=80)
    with told_on(console)("61 MB of Debian's packages", 61) as done:
        done(61)
    *_, last = out.getvalue().splitlines()
    assert re.search(r"· 61 MB of Debian's packages  \d+\.\d s$", last)
    assert "━" * 40 in out.getvalue()


@pytest.mark.parametrize("terminal", [False, True])
def test_a_step_that_fails_is_named(terminal: bool) -> None:
    """It took no time that anybody wants to know."""
    out = io.StringIO()
    with (
        pytest.raises(KeyError),
        told_on(Console(file=out, force_terminal=terminal, color_system=None))("a step"),
    ):
        raise KeyError
    assert out.getvalue().endswith("· a step  failed\n")


@pytest.mark.parametrize("terminal", [False, True])
def test_a_step_that_is_interrupted_leaves_no_line_open(terminal: bool) -> None:
    """Nor does it say anything."""
    out = io.StringIO()
    with (
        pytest.raises(KeyboardInterrupt),
        told_on(Console(file=out, force_terminal=terminal, color_system=None))("a step"),
    ):
        raise KeyboardInterrupt
    assert out.getvalue().endswith("\n") or terminal
    assert "failed" not in out.getvalue()
    assert " s\n" not in out.getvalue()


def test_steps_at_once_are_a_line_each_when_they_end() -> None:
    """Only one that is alone begins its line, so none is torn apart."""
    out = io.StringIO()
    step = told_on(Console(file=out))
    with step("first"), step("second"):
        with step("third"):
            assert out.getvalue() == "· first"
        assert re.fullmatch(r"· first\n· third  \d+\.\d s\n", out.getvalue())
    said = re.sub(r"\d+\.\d", "…", out.getvalue())
    assert said == "· first\n· third  … s\n· second  … s\n· first  … s\n"


def test_steps_at_once_share_a_terminal_s_line() -> None:
    """Which names all of them."""
    out = io.StringIO()
    step = told_on(Console(file=out, force_terminal=True, color_system=None, width=80))
    with step("first"), step("second"):
        pass
    shown = re.split(r"[\r\n]+", re.sub(r"\x1b\[[^A-Za-z]*[A-Za-z]", "", out.getvalue()))
    assert any(line.startswith("· first, second ━") for line in shown)
    assert [line for line in shown if line.endswith(" s")] == [
        "· second  0.0 s",
        "· first  0.0 s",
    ]


def test_a_silent_step_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Tests build, too."""
    with silent("a step", 3) as done:
        done(3)
    assert capsys.readouterr() == ("", "")

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
def test_a_step_that_fails_leaves_the_line_to_its_error(terminal: bool) -> None:
    """It took no time that anybody wants to know."""
    out = io.StringIO()
    with (
        pytest.raises(KeyError),
        told_on(Console(file=out, force_terminal=terminal, color_system=None))("a step"),
    ):
        raise KeyError
    assert "· a step" in out.getvalue()
    assert out.getvalue().endswith("\n") or terminal
    assert " s\n" not in out.getvalue()


def test_a_silent_step_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Tests build, too."""
    with silent("a step", 3) as done:
        done(3)
    assert capsys.readouterr() == ("", "")

"""What `make fresh` needs of the machine where it runs, and what it says where that is missing."""

import os
from pathlib import Path

import pytest

from tests.fresh.host import CannotRun, interpreter, requirements, said


def test_an_ordinary_user_is_told_that_it_takes_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is made."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(CannotRun, match="takes root"):
        requirements()


def test_missing_tools_are_named_by_their_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As apt installs them."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        CannotRun, match="apt install e2fsprogs git mmdebstrap mount tar util-linux"
    ):
        requirements()


def test_an_interpreter_is_found_where_pyenv_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest of its version."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for version in ("3.12.1", "3.12.7", "3.13.0"):
        place = tmp_path / ".pyenv/versions" / version / "bin"
        place.mkdir(parents=True)
        (place / f"python{version.rpartition('.')[0]}").touch()
    assert interpreter("3.12") == tmp_path / ".pyenv/versions/3.12.7/bin/python3.12"
    with pytest.raises(CannotRun, match=r"no Python 3\.14 in .*pyenv install 3\.14"):
        interpreter("3.14")


def test_a_command_that_fails_is_shown_with_its_words() -> None:
    """Instead of a row that fails later."""
    with pytest.raises(CannotRun, match=r"ls /nowhere: .*No such file"):
        said("ls", "/nowhere")

"""Small text files, read by system calls."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from extension.declared.files import text_file


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """As UTF-8."""
    (tmp_path / "file").write_text("ü" * 100_000, "utf-8")
    assert text_file.read(str(tmp_path / "file")) == "ü" * 100_000


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    """Editors on Windows put it there."""
    (tmp_path / "file").write_text("KEY=value", "utf-8-sig")
    assert text_file.read(str(tmp_path / "file")) == "KEY=value"


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """Nobody keeps a megabyte of settings."""
    (tmp_path / "file").write_bytes(b"x" * (text_file.LARGEST + 1))
    with pytest.raises(OSError, match="File too large"):
        text_file.read(str(tmp_path / "file"))


def test_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """It is said so, and not guessed."""
    (tmp_path / "file").write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError):
        text_file.read(str(tmp_path / "file"))


def test_a_pipe_that_nobody_writes_to_holds_nobody_up(tmp_path: Path) -> None:
    """It is empty."""
    os.mkfifo(tmp_path / "pipe")
    assert text_file.read(str(tmp_path / "pipe")) == ""


def test_a_pipe_is_read_when_its_writer_has_written() -> None:
    """As with a shell's `<(…)`, whose command has only just begun."""
    reading, writing = os.pipe()
    with subprocess.Popen([sys.executable, "-c", "print('text')"], stdout=writing):
        os.close(writing)
        assert text_file.read(f"/dev/fd/{reading}") == "text\n"
    os.close(reading)

"""The tokens that the endpoint accepts, and what is said of them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from extension.declared.files import token_file
from extension.run.log.log import Log
from extension.run.tokens import NONE, Tokens

LONG = "canary-token-of-good-length"


@pytest.fixture
def logged(capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What was logged until now."""
    return lambda: capfd.readouterr().out


def tokens(*configured: str, path: Path | None = None, session: str | None = None) -> Tokens:
    """The tokens of an environment."""
    return Tokens(configured, str(path) if path else None, lambda: session, Log("info"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a token, for its owner alone."""
    path = tmp_path / "token"
    path.write_text(f" {LONG}\n")
    path.chmod(0o600)
    return path


def test_every_token_is_accepted(file: Path) -> None:
    """Without the white space around it."""
    both = tokens("a", "b", path=file, session=" c\n")
    assert list(both.accepted()) == ["a", "b", "c", LONG]


def test_a_file_that_has_changed_is_read_again(file: Path) -> None:
    """At once, as tokens are rotated; and so is one that was put in its place."""
    those = tokens(path=file)
    assert list(those.accepted()) == [LONG]
    file.write_text("another")
    assert list(those.accepted()) == ["another"]
    other = file.with_name("other")
    other.write_text("a third")
    other.replace(file)
    assert list(those.accepted()) == ["a third"]


def test_a_file_that_has_not_changed_is_not_read_again(file: Path) -> None:
    """However many wrong tokens are compared with it."""
    reads: list[str] = []

    def read(path: str) -> str:
        reads.append(path)
        return token_file.read(path)

    those = Tokens((), str(file), lambda: None, Log("info"), read)
    assert [list(those.accepted()) for _ in range(100)] == [[LONG]] * 100
    assert reads == [str(file)]


def test_a_file_that_is_no_token_is_not_read_again(file: Path) -> None:
    """Until it has changed."""
    file.write_bytes(b"\xff")
    reads = []

    def read(path: str) -> str:
        reads.append(path)
        return token_file.read(path)

    those = Tokens((), str(file), lambda: None, Log("info"), read)
    assert [list(those.accepted()) for _ in range(100)] == [[]] * 100
    assert reads == [str(file)]


@pytest.mark.parametrize("size", [4096, 4097])
def test_a_file_has_at_most_four_kilobytes(file: Path, size: int) -> None:
    """More is no token."""
    file.write_text("x" * size)
    assert bool(list(tokens(path=file).accepted())) is (size == 4096)


def test_a_pipe_is_no_token_s_file(tmp_path: Path, logged: Callable[[], str]) -> None:
    """Nobody waits for who may write to it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert list(tokens("a", path=pipe).accepted()) == ["a"]
    assert "it is no regular file" in logged()


def test_a_file_that_cannot_be_read_harms_no_other_token(
    file: Path, logged: Callable[[], str]
) -> None:
    """It is told once; and once it can be read, it counts."""
    file.write_bytes(b"\xff\xfe")
    those = tokens("a", path=file)
    assert [list(those.accepted()) for _ in range(3)] == [["a"]] * 3
    assert logged().count("WARMKEY_TOKEN_FILE can't be read") == 1
    file.write_text("b")
    assert list(those.accepted()) == ["a", "b"]


def test_a_client_without_a_token_is_told_what_to_set() -> None:
    """In a sentence, as with the long-lived keys of a user, which have none."""
    assert list(tokens().warnings(local=False)) == [NONE]
    assert list(tokens(session=" ").warnings(local=True)) == [NONE]
    assert list(tokens(session=LONG).warnings(local=False)) == []


@pytest.mark.parametrize(("length", "is_told"), [(15, True), (16, False)])
def test_a_short_token_is_told(length: int, is_told: bool) -> None:
    """Not where it guards a file of this machine alone; it is not shown."""
    short = tokens("x" * length)
    assert ["fewer than 16" in told for told in short.warnings(local=False)] == [True] * is_told
    assert "xxx" not in "".join(short.warnings(local=False))
    assert list(short.warnings(local=True)) == []


@pytest.mark.parametrize(
    ("mode", "rights"),
    [(0o644, "read"), (0o620, "write"), (0o666, "read and write"), (0o640, ""), (0o600, "")],
)
def test_a_file_that_others_can_use_is_told(file: Path, mode: int, rights: str) -> None:
    """A group may read it, as that of a pod's."""
    file.chmod(mode)
    told = list(tokens(path=file).warnings(local=False))
    assert [f"which others can {rights}: " in each for each in told] == [True] * bool(rights)

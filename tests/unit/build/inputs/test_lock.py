"""The lock names every input, and a renewal says what it changed."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from layer.build.inputs.lock import SOURCE, Input, Lock, changes
from layer.build.plan import LOCK
from layer.build.targets import TARGETS

MADE = "made 20261122T024141Z"
OPENSSL = Input("amd64", "libssl-dev", "3.5.1-1", "debian/pool/libssl-dev_3.5.1-1.deb", 9, "a" * 64)


def test_written_lock_is_read_again(tmp_path: Path) -> None:
    """Sorted, each once."""
    lock = Lock.of([replace(OPENSSL, architecture="arm64"), OPENSSL, OPENSSL])
    lock.write(tmp_path / "lock")
    read = Lock.read(tmp_path / "lock")
    assert (read, read.made) == (lock, lock.made)
    assert [i.architecture for i in lock.inputs] == ["amd64", "arm64"]


def test_a_line_that_is_no_input_is_named(tmp_path: Path) -> None:
    """File and line."""
    (tmp_path / "lock").write_text(f"# a comment\n{MADE}\n\nabc 12 amd64\n", "utf-8")
    with pytest.raises(ValueError, match=r"lock:4: not six fields .* 'abc 12 amd64'"):
        Lock.read(tmp_path / "lock")


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "locks nothing: `make layer-update`"), ("abc 12 amd64\n", "lock:1: not the time when")],
)
def test_a_lock_that_does_not_say_when_it_was_made_is_refused(
    text: str, said: str, tmp_path: Path
) -> None:
    """The snapshot archive could not be asked for its files."""
    (tmp_path / "lock").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=said):
        Lock.read(tmp_path / "lock")


def test_a_lock_is_made_now_unless_it_says_otherwise(tmp_path: Path) -> None:
    """To the second, in UTC."""
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= Lock.of([OPENSSL]).made <= datetime.now(UTC)
    (tmp_path / "lock").write_text(f"{MADE}\n", "utf-8")
    assert Lock.read(tmp_path / "lock").made == datetime(2026, 11, 22, 2, 41, 41, tzinfo=UTC)


def test_packages_for_all_architectures_count_for_each() -> None:
    """Sources count for none."""
    roots = replace(OPENSSL, architecture="all", package="ca-certificates")
    lock = Lock.of([OPENSSL, roots, replace(OPENSSL, architecture=SOURCE)])
    assert lock.packages("amd64") == (roots, OPENSSL)
    assert lock.packages("arm64") == (roots,)
    assert len(lock.sources()) == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ([OPENSSL], [OPENSSL], []),
        (
            [OPENSSL],
            [replace(OPENSSL, version="3.5.2-1")],
            ["libssl-dev (amd64): 3.5.1-1 → 3.5.2-1"],
        ),
        ([], [OPENSSL], ["libssl-dev (amd64): added, 3.5.1-1"]),
        ([OPENSSL], [], ["libssl-dev (amd64): removed, was 3.5.1-1"]),
        (
            [OPENSSL],
            [replace(OPENSSL, sha256="b" * 64)],
            ["the same versions, but files with other contents or paths"],
        ),
    ],
)
def test_changes_are_told_by_package(old: list[Input], new: list[Input], said: list[str]) -> None:
    """A line for each."""
    assert list(changes(Lock.of(old), Lock.of(new))) == said


def test_the_lock_names_the_same_packages_for_each_architecture() -> None:
    """In the same versions: one suite, one day."""
    lock = Lock.read(LOCK)
    first, *others = ({(i.package, i.version) for i in lock.packages(t.debian)} for t in TARGETS)
    assert first
    assert all(other == first for other in others)


def test_the_locked_source_is_that_of_the_locked_library() -> None:
    """Or C modules of one CPython would be linked with another."""
    lock = Lock.read(LOCK)
    (library,) = {i.version for i in lock.inputs if i.package == "libpython3.13-dev"}
    assert {i.version for i in lock.sources()} == {library}


def test_the_lock_names_no_mirror() -> None:
    """That is for the machine's apt to know."""
    assert "://" not in LOCK.read_text("utf-8")

"""What the archive has that is newer than the lock."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from layer.build.inputs.lock import Input, Lock
from layer.build.inputs.mirrors import ArchiveError
from layer.build.inputs.outdated import OUTDATED, UNKNOWN, check, newer

ZLIB = Input("amd64", "zlib1g-dev", "1:1.3-1", "debian/pool/z/zlib1g-dev_1.3-1_amd64.deb", 1, "a")
OPENSSL = Input("amd64", "libssl-dev", "3.5.7-1", "debian/pool/o/libssl_3.5.7-1.deb", 1, "b")
FIXED = replace(OPENSSL, version="3.5.8-1", path="debian-security/pool/o/libssl_3.5.8-1.deb")
LOCKED = Lock.of([ZLIB, OPENSSL])


class Archive:
    """An archive that holds this today."""

    def __init__(self, *today: Input) -> None:
        self.today = Lock.of(today)

    def renew(self, _work: Path, _held: Lock) -> Lock:
        """What a renewal would lock."""
        return self.today


def unreachable(_work: Path, _held: Lock) -> Lock:
    """An archive that is not to be had."""
    raise ArchiveError("there is no apt here")


def test_newer_package_is_listed_with_both_versions() -> None:
    """And whether it is a security update."""
    assert list(newer(LOCKED, Lock.of([replace(ZLIB, version="1:1.3-2"), FIXED]))) == [
        "libssl-dev (amd64): 3.5.7-1 → 3.5.8-1, a security update",
        "zlib1g-dev (amd64): 1:1.3-1 → 1:1.3-2",
    ]


def test_a_package_that_is_needed_only_now_is_said() -> None:
    """One that was split off from another, say."""
    new = replace(ZLIB, package="zlib-new")
    assert list(newer(LOCKED, Lock.of([ZLIB, OPENSSL, new]))) == [
        "zlib-new (amd64): not locked → 1:1.3-1"
    ]


def test_another_architecture_is_another_package() -> None:
    """One may be built later than the other."""
    other = replace(ZLIB, architecture="arm64")
    today = Lock.of([ZLIB, OPENSSL, replace(other, version="1:1.3-2")])
    assert list(newer(Lock.of([ZLIB, OPENSSL, other]), today)) == [
        "zlib1g-dev (arm64): 1:1.3-1 → 1:1.3-2"
    ]


@pytest.mark.parametrize(
    ("renew", "status", "said"),
    [
        (Archive(ZLIB, OPENSSL).renew, 0, "what Debian holds today"),
        (Archive(ZLIB, FIXED).renew, OUTDATED, "make layer-update"),
        (unreachable, UNKNOWN, "is outdated: there is no apt here"),
    ],
    ids=["as it is", "newer", "unreachable"],
)
def test_the_exit_status_tells_what_to_do(
    renew: Callable[[Path, Lock], Lock],
    status: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """So that a schedule can act on it; an archive that is not there is no good news."""
    assert check(LOCKED, renew, tmp_path) == status
    printed = capsys.readouterr()
    assert said in printed.out + printed.err

"""Locked files are fetched with apt and verified; what cannot be had is explained."""

import functools
import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from layer.build import archive
from layer.build.archive import APT_HELPER, MIRROR_VARIABLE, ArchiveError, fetch
from layer.build.lock import Input
from layer.build.renewal import inputs_printed

pytestmark = pytest.mark.skipif(not APT_HELPER.exists(), reason="there is no apt here")

CONTENTS = b"a package"
WANTED = Input(
    architecture="amd64",
    package="libx-dev",
    version="1:2-3",
    path="debian/pool/libx-dev_2-3_amd64.deb",
    size=len(CONTENTS),
    sha256=hashlib.sha256(CONTENTS).hexdigest(),
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a mirror on loopback, which holds the file."""
    folder = tmp_path / "mirror"
    (folder / WANTED.path).parent.mkdir(parents=True)
    (folder / WANTED.path).write_bytes(CONTENTS)
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="mirror")
        thread.start()
        monkeypatch.setenv(MIRROR_VARIABLE, f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield folder
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("pool")
def test_a_locked_file_is_fetched(tmp_path: Path) -> None:
    """With the contents that the lock names."""
    fetch((WANTED,), tmp_path / "in")
    assert (tmp_path / "in" / WANTED.file_name).read_bytes() == CONTENTS


def test_a_file_that_is_there_is_not_fetched_again(pool: Path, tmp_path: Path) -> None:
    """The mirror may be gone."""
    fetch((WANTED,), tmp_path / "in")
    (pool / WANTED.path).unlink()
    fetch((WANTED,), tmp_path / "in")


@pytest.mark.usefixtures("pool")
def test_a_file_that_was_damaged_here_is_fetched_again(tmp_path: Path) -> None:
    """Its digest is looked at every time."""
    fetch((WANTED,), tmp_path / "in")
    (tmp_path / "in" / WANTED.file_name).write_bytes(b"damaged")
    fetch((WANTED,), tmp_path / "in")
    assert (tmp_path / "in" / WANTED.file_name).read_bytes() == CONTENTS


@pytest.mark.usefixtures("pool")
def test_another_digest_stops_the_build(tmp_path: Path) -> None:
    """Nothing is kept, and the message says what does not match."""
    wanted = replace(WANTED, sha256="0" * 64)
    with pytest.raises(ArchiveError, match=r"libx-dev 1:2-3 \(amd64\) is not the file .* 0{64}"):
        fetch((wanted,), tmp_path / "in")
    assert list((tmp_path / "in").iterdir()) == []


def test_a_revision_that_was_dropped_says_what_to_run(pool: Path, tmp_path: Path) -> None:
    """Debian replaces revisions by security updates."""
    (pool / WANTED.path).unlink()
    with pytest.raises(ArchiveError, match=r"no longer holds libx-dev 1:2-3.*make layer-update"):
        fetch((WANTED,), tmp_path / "in")


def test_a_mirror_that_is_not_there_is_told_in_apts_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """They say what is wrong with the address."""
    monkeypatch.setenv(MIRROR_VARIABLE, "nonsense://127.0.0.1")
    with pytest.raises(ArchiveError, match=r"could not fetch libx-dev(.|\n)*nonsense"):
        fetch((WANTED,), tmp_path / "in")


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (["http://m.example/debian/", "http://m.example/debian-security"], "http://m.example"),
        (["https://m.example/a/b/debian"], "https://m.example/a/b"),
    ],
)
def test_the_mirror_is_the_one_that_apt_uses(addresses: list[str], expected: str) -> None:
    """Whatever its path."""
    assert archive.mirror_of(addresses) == expected


def test_a_machine_of_another_distribution_is_told_to_name_a_mirror() -> None:
    """With the variable for it."""
    with pytest.raises(ArchiveError, match=r"no Debian archive.*DEBIAN_MIRROR="):
        archive.mirror_of(["http://m.example/ubuntu"])


def test_what_apt_prints_becomes_inputs() -> None:
    """Versions are decoded, and paths do not name the mirror."""
    printed = (
        "'http://m.example/debian/pool/main/z/zlib1g-dev_1%3a1.3%2b1_amd64.deb' "
        f"zlib1g-dev_1%3a1.3+1_amd64.deb 12 SHA256:{'a' * 64}\n"
        "some other line\n"
    )
    assert list(inputs_printed("http://m.example", printed)) == [
        Input(
            architecture="amd64",
            package="zlib1g-dev",
            version="1:1.3+1",
            path="debian/pool/main/z/zlib1g-dev_1%3a1.3%2b1_amd64.deb",
            size=12,
            sha256="a" * 64,
        )
    ]

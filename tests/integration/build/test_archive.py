"""Locked files are fetched with apt and verified; what cannot be had is explained."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from layer.build.inputs.archive import Unavailable, WrongFile, fetch
from layer.build.inputs.mirrors import APT_HELPER, MIRROR_VARIABLE, Mirror, mirror
from layer.build.inputs.renewal import inputs_printed
from tests.fakes.debian_archive import DebianArchive, package
from tests.fakes.http_service import HttpService, Request, Response

pytestmark = pytest.mark.skipif(not APT_HELPER.exists(), reason="there is no apt here")

FILE = package("libx-dev", "2-3", b"a package", architecture="amd64")
WANTED = FILE.about


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[DebianArchive]:
    """A mirror on loopback, which holds the file."""
    with DebianArchive() as running:
        running.hold(FILE)
        monkeypatch.setenv(MIRROR_VARIABLE, f"{running.mirror}/")
        yield running


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Where files go."""
    return tmp_path / "in"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy"])
def test_a_file_comes_by_way_of_the_proxy(
    variable: str, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whichever name the environment has it; apt itself knows but one of them."""
    asked: list[str] = []

    def respond(request: Request) -> Response:
        asked.append(request.target)
        return Response(200, FILE.contents)

    monkeypatch.setenv(MIRROR_VARIABLE, "http://mirror.example")
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with HttpService(respond) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        fetch([WANTED], into, [mirror()])
    assert asked == [f"http://mirror.example/{WANTED.path}"]


@pytest.mark.usefixtures("archive")
def test_a_locked_file_is_fetched(into: Path) -> None:
    """With the contents that the lock names."""
    came: list[int] = []
    fetch([WANTED], into, [mirror()], came.append)
    assert (into / WANTED.file_name).read_bytes() == FILE.contents
    assert came == [WANTED.size]


def test_a_file_that_is_there_is_not_fetched_again(archive: DebianArchive, into: Path) -> None:
    """Nor is it found out where from."""
    fetch([WANTED], into, [mirror()])
    archive.asked.clear()
    fetch([WANTED], into, iter([]))
    assert archive.asked == []


@pytest.mark.usefixtures("archive")
def test_a_file_that_was_damaged_here_is_fetched_again(into: Path) -> None:
    """Its digest is looked at every time: a build may have been killed in the middle of it."""
    fetch([WANTED], into, [mirror()])
    (into / WANTED.file_name).write_bytes(FILE.contents[:4])
    fetch([WANTED], into, [mirror()])
    assert (into / WANTED.file_name).read_bytes() == FILE.contents


@pytest.mark.usefixtures("archive")
def test_another_digest_stops_the_build(into: Path) -> None:
    """Nothing is kept, and the message says what does not match."""
    wanted = replace(WANTED, sha256="0" * 64)
    said = r"libx-dev 2-3 \(amd64\) from the mirror .* is not the file .* 0{64}.*DEBIAN_MIRROR="
    with pytest.raises(WrongFile, match=said):
        fetch([wanted], into, [mirror()])
    assert list(into.iterdir()) == []


def test_a_mirror_that_has_dropped_a_file_is_told_from_one_that_is_not_there(
    archive: DebianArchive, into: Path
) -> None:
    """Whatever the developer's language, and whatever numbers are in the address."""
    archive.files.clear()
    nowhere = Mirror("nowhere", {"debian": "nonsense://127.0.0.1/404"})
    with pytest.raises(Unavailable) as error:
        fetch([WANTED], into, [mirror(), nowhere])
    said = str(error.value)
    assert f"the mirror {archive.mirror} no longer holds it; nowhere cannot be reached: " in said
    assert "nonsense" in said


def test_a_mirror_in_a_folder_needs_no_network(tmp_path: Path, into: Path) -> None:
    """Such as one on a disk that was carried here."""
    (tmp_path / "disk" / WANTED.path).parent.mkdir(parents=True)
    (tmp_path / "disk" / WANTED.path).write_bytes(FILE.contents)
    disk = Mirror("a disk", {"debian": f"file:{tmp_path}/disk/debian"})
    fetch([WANTED], into, [disk])
    assert (into / WANTED.file_name).read_bytes() == FILE.contents
    with pytest.raises(Unavailable, match="a disk no longer holds it"):
        fetch([replace(WANTED, path="debian/pool/other.deb")], into, [disk])


def test_apt_output_becomes_inputs() -> None:
    """Versions are decoded, and paths do not name the mirror."""
    printed = (
        "'http://m.example/debian/pool/main/z/zlib1g-dev_1%3a1.3%2b1_amd64.deb' "
        f"zlib1g-dev_1%3a1.3+1_amd64.deb 12 SHA256:{'a' * 64}\n"
        "some other line\n"
    )
    [found] = inputs_printed(Mirror("m", {"debian": "http://m.example/debian"}), printed)
    assert (found.package, found.version, found.architecture) == ("zlib1g-dev", "1:1.3+1", "amd64")
    assert found.path == "debian/pool/main/z/zlib1g-dev_1%3a1.3%2b1_amd64.deb"
    assert (found.size, found.sha256) == (12, "a" * 64)

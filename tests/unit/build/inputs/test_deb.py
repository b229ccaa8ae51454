"""Debian packages are unpacked without Debian's tools."""

import io
import tarfile
from pathlib import Path

import pytest

from layer.build.inputs import deb


def ar(*members: tuple[str, bytes]) -> bytes:
    """An `ar` archive."""
    whole = b"!<arch>\n"
    for name, contents in members:
        whole += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(contents):<10}`\n".encode()
        whole += contents + b"\n" * (len(contents) % 2)
    return whole


def tar(name: str, contents: bytes) -> bytes:
    """A compressed tar archive of one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:xz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(contents)
        archive.addfile(member, io.BytesIO(contents))
    return buffer.getvalue()


def test_members_of_odd_length_are_padded() -> None:
    """Each begins at an even byte."""
    archive = ar(("debian-binary", b"2.0"), ("control", b"even"))
    assert list(deb.members(archive)) == [("debian-binary", b"2.0"), ("control", b"even")]


def test_invalid_archive_is_refused() -> None:
    """Such as an HTML page in a package's place."""
    with pytest.raises(ValueError, match="not an ar archive"):
        list(deb.members(b"<html>"))


@pytest.mark.parametrize("cut", [1, 10, 70])
def test_an_archive_that_is_cut_short_is_refused(cut: int) -> None:
    """In a member or in its header."""
    with pytest.raises(ValueError, match=r"damaged|cut short"):
        list(deb.members(ar(("name", b"x" * 20))[:-cut]))


def test_a_package_is_unpacked_and_its_files_named(tmp_path: Path) -> None:
    """The data, not what controls the installation."""
    package = tmp_path / "p.deb"
    data = tar("./usr/lib/x", b"contents")
    package.write_bytes(ar(("debian-binary", b"2.0\n"), ("data.tar.xz/", data)))
    assert deb.unpack(package, tmp_path / "root") == ["usr/lib/x"]
    assert (tmp_path / "root/usr/lib/x").read_bytes() == b"contents"


def test_an_archive_without_data_is_no_package(tmp_path: Path) -> None:
    """It says so, by the file's name."""
    package = tmp_path / "p.deb"
    package.write_bytes(ar(("control.tar", b"")))
    with pytest.raises(ValueError, match=r"p\.deb holds no data\.tar"):
        deb.unpack(package, tmp_path)

"""A zip is what unzips to the same files, and the same bytes every time."""

import hashlib
import stat
import zipfile
from pathlib import Path

import pytest

from layer.build.contents.pack import Member, pack


@pytest.fixture
def members(tmp_path: Path) -> list[Member]:
    """A program, a text, an empty file, and one that can't be compressed."""
    contents = {
        "warmkey/warmkey": b"\x7fELF" + bytes(100_000),
        "python/a.py": b"import a\n" * 500,
        "python/empty": b"",
        "random": hashlib.shake_256(b"").digest(5_000),
    }
    found = []
    for number, (name, content) in enumerate(contents.items()):
        file = tmp_path / str(number)
        file.write_bytes(content)
        found.append(Member(name, 0o755 if number == 0 else 0o644, file))
    return found


def test_a_zip_holds_its_members_by_name(members: list[Member], tmp_path: Path) -> None:
    """Whole, by the checksums that are in it, and with their permissions."""
    pack(members, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(member.name for member in members)
        for name, mode, file in members:
            row = archive.getinfo(name)
            assert archive.read(name) == file.read_bytes()
            assert row.external_attr >> 16 == stat.S_IFREG | mode


def test_the_order_of_members_does_not_count(members: list[Member], tmp_path: Path) -> None:
    """Nor do the files' times and the names of their folders."""
    pack(members, tmp_path / "one.zip")
    pack(members[::-1], tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()

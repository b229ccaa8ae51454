"""Debian packages, unpacked without Debian's tools: an `ar` archive that holds a tar archive."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

MAGIC = b"!<arch>\n"
HEADER_BYTES = 60


def members(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The members of an `ar` archive, name and contents.

    Raises:
        ValueError: It is no `ar` archive, or cut short.
    """
    if not archive.startswith(MAGIC):
        raise ValueError("not an ar archive: it does not begin with '!<arch>'")
    at = len(MAGIC)
    while at < len(archive):
        header = archive[at : at + HEADER_BYTES]
        if len(header) < HEADER_BYTES or header[58:] != b"`\n":
            raise ValueError(f"the ar archive is damaged at byte {at}")
        size, start = int(header[48:58]), at + HEADER_BYTES
        if start + size > len(archive):
            raise ValueError(f"the ar archive is cut short in the member at byte {at}")
        yield header[:16].decode().strip().rstrip("/"), archive[start : start + size]
        at = start + size + size % 2


def unpack(package: Path, into: Path) -> list[str]:
    """Unpack a package's files below `into`.

    Returns:
        The paths of its files, from `into`.

    Raises:
        ValueError: The file is no Debian package.
    """
    for name, contents in members(package.read_bytes()):
        if name.startswith("data.tar"):
            with tarfile.open(fileobj=io.BytesIO(contents)) as files:
                files.extraction_filter = as_it_is
                files.extractall(into)
                return [m.name.removeprefix("./") for m in files if not m.isdir()]
    raise ValueError(f"{package.name} holds no data.tar: it is no Debian package")


def read(package: Path, name: str) -> bytes:
    """One file of a package, by its path in it, without unpacking the others.

    Raises:
        ValueError: The package holds no such file.
    """
    for member, contents in members(package.read_bytes()):
        if member.startswith("data.tar"):
            with tarfile.open(fileobj=io.BytesIO(contents), mode="r|*") as files:
                for each in files:
                    if each.name.removeprefix("./") == name and (file := files.extractfile(each)):
                        return file.read()
    raise ValueError(f"{package.name} holds no file {name}")


def as_it_is(member: tarfile.TarInfo, _folder: str) -> tarfile.TarInfo:
    """Extract every member: the package is one of the lock's."""
    return member

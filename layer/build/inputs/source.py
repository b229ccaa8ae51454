"""CPython's own C modules in source, as Debian patches them."""

import tarfile
from pathlib import Path, PurePosixPath

from layer.build.inputs import patch
from layer.build.inputs.deb import as_it_is
from layer.build.inputs.lock import Input

MODULES = "Modules"
PATCHES = "debian/patches/"


def unpack(parts: tuple[Input, ...], downloads: Path, into: Path) -> None:
    """Unpack the folder `Modules` of the source package and apply Debian's patches to it."""
    for part in parts:
        if ".orig.tar." in part.file_name:
            _unpack_modules(downloads / part.file_name, into)
    for part in parts:
        if ".debian.tar." in part.file_name:
            for text in _patches(downloads / part.file_name):
                patch.apply(text, into, MODULES)


def _unpack_modules(archive: Path, into: Path) -> None:
    with tarfile.open(archive) as files:
        files.extraction_filter = as_it_is
        for member in files:
            inner = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            if member.isfile() and PurePosixPath(MODULES) in inner.parents:
                member.name = str(inner)
                files.extract(member, into)


def _patches(archive: Path) -> list[str]:
    """Debian's patches, in the order of their series."""
    read = {}
    with tarfile.open(archive) as files:
        for member in files:
            if member.name.startswith(PATCHES) and (contents := files.extractfile(member)):
                read[member.name.removeprefix(PATCHES)] = contents.read().decode()
    series = (line.partition("#")[0].split() for line in read["series"].splitlines())
    return [read[words[0]] for words in series if words]

"""The lock: every file that the build takes from Debian's archive, with its SHA-256.

One line for each, so that a renewal reads well as a diff:

    SHA256  BYTES  ARCHITECTURE  PACKAGE  VERSION  PATH

PATH is relative to the folder that holds `debian/` and `debian-security/`: on which mirror that is,
the machine's apt configuration says.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

SOURCE = "source"
HEADER = """\
# What the layer is built from. `make layer-update` renews this file; do not edit it.
# sha256 bytes architecture package version path
"""


@dataclass(frozen=True, slots=True, order=True)
class Input:
    """One file of the archive.

    Attributes:
        architecture: `amd64`, `arm64`, `all` or, for a part of a source package, `source`.
        package: The package's name.
        version: The package's version.
        path: Where the file is, from the mirror's root.
        size: Its length in bytes.
        sha256: Its digest, in hexadecimal.
    """

    architecture: str
    package: str
    version: str
    path: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """The name that the file has here, once fetched."""
        return PurePosixPath(self.path).name


@dataclass(frozen=True, slots=True)
class Lock:
    """All inputs, sorted."""

    inputs: tuple[Input, ...]

    @classmethod
    def of(cls, inputs: Iterable[Input]) -> "Lock":
        """A lock of these inputs, each once."""
        return cls(tuple(sorted(set(inputs))))

    @classmethod
    def read(cls, path: Path) -> "Lock":
        """Read a lock file.

        Raises:
            ValueError: A line is not of the form that the header describes.
        """
        return cls.of(_parse(path))

    def write(self, path: Path) -> None:
        """Write the lock file."""
        rows = (
            f"{i.sha256} {i.size} {i.architecture} {i.package} {i.version} {i.path}\n"
            for i in self.inputs
        )
        path.write_text(HEADER + "".join(rows), encoding="utf-8")

    def packages(self, architecture: str) -> tuple[Input, ...]:
        """The binary packages for one of Debian's architectures."""
        return tuple(i for i in self.inputs if i.architecture in (architecture, "all"))

    def sources(self) -> tuple[Input, ...]:
        """The parts of the source package."""
        return tuple(i for i in self.inputs if i.architecture == SOURCE)


def changes(old: Lock, new: Lock) -> Iterator[str]:
    """Say, a line for each package, how `new` differs from `old`."""
    before, after = _versions(old), _versions(new)
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was is None:
            yield f"{key}: added, {now}"
        elif now is None:
            yield f"{key}: removed, was {was}"
        elif was != now:
            yield f"{key}: {was} → {now}"
    if not before.keys() ^ after.keys() and before == after and old != new:
        yield "the same versions, but files with other contents or paths"


def _versions(lock: Lock) -> dict[str, str]:
    return {f"{i.package} ({i.architecture})": i.version for i in lock.inputs}


def _parse(path: Path) -> Iterator[Input]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            sha256, size, architecture, package, version, where = line.split()
            yield Input(architecture, package, version, where, int(size), sha256)
        except ValueError:
            raise ValueError(
                f"{path}:{number}: not six fields of a locked input: {line!r}"
            ) from None

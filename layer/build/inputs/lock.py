"""The lock: every file that the build takes from Debian's archive, with its SHA-256.

It says when it was made, by which the snapshot archive finds the files after Debian has replaced
them, and then has one line for each, so that a renewal reads well as a diff:

    made TIME
    SHA256  BYTES  ARCHITECTURE  PACKAGE  VERSION  PATH

TIME is in UTC, as in 20261122T024141Z. PATH is relative to the folder that holds `debian/` and
`debian-security/`: on which mirror that is, the machine's apt configuration says.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

SOURCE = "source"
MADE, TIME = "made", "%Y%m%dT%H%M%SZ"
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
    """All inputs, sorted.

    Attributes:
        inputs: The files.
        made: When the suite's indexes named them; to the second, in UTC.
        unlocked: Whether they are not what the repository locks, but stand in for it.
    """

    inputs: tuple[Input, ...]
    made: datetime = field(default=datetime.min.replace(tzinfo=UTC), compare=False)
    unlocked: bool = False

    @classmethod
    def of(
        cls, inputs: Iterable[Input], made: datetime | None = None, *, unlocked: bool = False
    ) -> "Lock":
        """A lock of these inputs, each once, made just now unless told otherwise."""
        made = made or datetime.now(UTC).replace(microsecond=0)
        return cls(tuple(sorted(set(inputs))), made, unlocked)

    @classmethod
    def read(cls, path: Path, *, unlocked: bool = False) -> "Lock":
        """Read a lock file.

        Raises:
            ValueError: A line is not of the form that the header describes.
        """
        numbered = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        rows = [(n, line) for n, line in numbered if line and not line.startswith("#")]
        if not rows:
            raise ValueError(f"{path} locks nothing: `make layer-update` makes it anew")
        (number, first), *others = rows
        made, inputs = _made(path, number, first), (_input(path, *row) for row in others)
        return cls.of(inputs, made, unlocked=unlocked)

    def text(self) -> str:
        """The lock file's text."""
        rows = (
            f"{i.sha256} {i.size} {i.architecture} {i.package} {i.version} {i.path}\n"
            for i in self.inputs
        )
        return f"{HEADER}{MADE} {self.made.strftime(TIME)}\n{''.join(rows)}"

    def write(self, path: Path) -> None:
        """Write the lock file."""
        path.write_text(self.text(), encoding="utf-8")

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


def _made(path: Path, number: int, line: str) -> datetime:
    try:
        return datetime.strptime(line, f"{MADE} {TIME}").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(
            f"{path}:{number}: not the time when the lock was made, "
            f"as in '{MADE} 20261122T024141Z': {line!r}"
        ) from None


def _input(path: Path, number: int, line: str) -> Input:
    try:
        sha256, size, architecture, package, version, where = line.split()
        return Input(architecture, package, version, where, int(size), sha256)
    except ValueError:
        raise ValueError(f"{path}:{number}: not six fields of a locked input: {line!r}") from None

"""Files that were left where temporary files are, and where others write too.

So what counts is what may be ours by its name: a program's own, a temporary file or folder as
libraries name them, or a core dump. The folders that the tests themselves work in don't count.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

_NAMES = ("core", "python", "tmp", "warmkey")
_TESTS_OWN_FOLDERS = ("tmp", "warmkey-")
_MOST_FILES, _MOST_BYTES = 100, 1 << 20  # of one entry, of one file
_SHARED = Path("/tmp")  # noqa: S108 - it is only read

State = tuple[int, int, int]


class TemporaryFiles:
    """What appears in folders from now on.

    It is told from what was there by what it is and when it was changed, by the file system's
    clock, and not by this moment: how long ago a file was made says nothing of who made it.

    Args:
        folders: The folders; where programs put temporary files, unless told otherwise.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = folders or tuple({_SHARED, Path(tempfile.gettempdir())})
        self._there = {entry.path: _state(entry) for entry in self._entries()}

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every file that was made or changed since, and what it holds."""
        for path in (file for entry in self._new() for file in _files(entry)[:_MOST_FILES]):
            try:
                with path.open("rb") as stream:
                    yield path, stream.read(_MOST_BYTES).decode("utf-8", "backslashreplace")
            except OSError:
                continue  # whoever wrote it has removed it

    def _new(self) -> Iterator["os.DirEntry[str]"]:
        for entry in self._entries():
            state = _state(entry)
            if state is not None and state != self._there.get(entry.path):
                yield entry

    def _entries(self) -> Iterator["os.DirEntry[str]"]:
        for folder in self._folders:
            with os.scandir(folder) as entries:
                yield from (entry for entry in entries if not _is_the_tests_own(entry))


def _is_the_tests_own(entry: "os.DirEntry[str]") -> bool:
    folder = entry.is_dir(follow_symlinks=False) and entry.name.startswith(_TESTS_OWN_FOLDERS)
    return folder or not entry.name.startswith(_NAMES)


def _state(entry: "os.DirEntry[str]") -> State | None:
    """What tells a file from another, and from what it was; None where there is none any more."""
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _files(entry: "os.DirEntry[str]") -> list[Path]:
    if entry.is_dir(follow_symlinks=False):  # whose folders others may be removing
        below = (Path(folder, name) for folder, _, names in os.walk(entry.path) for name in names)
        return [path for path in below if path.is_file()]
    return [Path(entry.path)] if entry.is_file(follow_symlinks=False) else []

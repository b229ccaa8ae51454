"""Files that were left in `/tmp`, where others write too.

So what counts is what may be ours by its name: a program's own, a temporary file or folder as
libraries name them, or a core dump. The folders that the tests themselves work in don't count.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

_NAMES = ("core", "python", "tmp", "warmkey")
_TESTS_OWN_FOLDERS = ("tmp", "warmkey-")
_COARSE = 0.02  # seconds that a file's time may lag behind the clock
_MOST_FILES, _MOST_BYTES = 100, 1 << 20


class TemporaryFiles:
    """What appears in a folder from now on.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path = Path("/tmp")) -> None:  # noqa: S108 - it is only read
        self._folder = folder
        self._began = time.time() - _COARSE

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every file that was written since, and what it holds."""
        for path in [file for entry in self._new() for file in _files(entry)][:_MOST_FILES]:
            try:
                with path.open("rb") as stream:
                    yield path, stream.read(_MOST_BYTES).decode("utf-8", "backslashreplace")
            except OSError:
                continue  # whoever wrote it has removed it

    def _new(self) -> Iterator["os.DirEntry[str]"]:
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if not _is_the_tests_own(entry) and _changed(entry) >= self._began:
                    yield entry


def _is_the_tests_own(entry: "os.DirEntry[str]") -> bool:
    folder = entry.is_dir(follow_symlinks=False) and entry.name.startswith(_TESTS_OWN_FOLDERS)
    return folder or not entry.name.startswith(_NAMES)


def _changed(entry: "os.DirEntry[str]") -> float:
    try:
        return entry.stat(follow_symlinks=False).st_mtime
    except OSError:
        return 0.0


def _files(entry: "os.DirEntry[str]") -> list[Path]:
    if entry.is_dir(follow_symlinks=False):  # whose folders others may be removing
        below = (Path(folder, name) for folder, _, names in os.walk(entry.path) for name in names)
        return [path for path in below if path.is_file()]
    return [Path(entry.path)] if entry.is_file(follow_symlinks=False) else []

"""What a process shows of itself to others: variables, arguments, open files, its status."""

import os
import stat
from pathlib import Path

from tests.canary.watch import WATCH, Leak

_MOST = 1 << 20  # bytes of a file that are looked at
_BUILT = "/warmkey/warmkey"


def witness(pid: int) -> None:
    """Note what a living process shows of itself in /proc; one that has ended shows nothing."""
    place = Path(f"/proc/{pid}")
    for name in ("cmdline", "environ"):
        WATCH.note(f"{name} of a process", _text(place / name), keys_allowed=name == "environ")
    for descriptor in _names(place / "fd"):
        file = place / "fd" / descriptor
        if _is_written(place / "fdinfo" / descriptor) and _is_regular(file):
            WATCH.note(f"{_target(file)}, which a process holds open", _text(file))


def assert_leaves_no_core(pid: int) -> None:
    """Assert that a built daemon that runs would leave no core dump, which holds its memory.

    Raises:
        Leak: It would.
    """
    place = Path(f"/proc/{pid}")
    limits = _text(place / "limits")
    if not _target(place / "exe").endswith(_BUILT) or not limits:
        return
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    if line.split()[4:6] != ["0", "0"]:
        raise Leak(f"the daemon would leave a core dump: {line}")


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(_MOST).decode("utf-8", "backslashreplace")
    except OSError:
        return ""


def _names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _is_written(information: Path) -> bool:
    """Whether a descriptor is open for writing, by proc_pid_fdinfo(5)."""
    words = _text(information).split()
    flags = int(words[words.index("flags:") + 1], 8) if "flags:" in words else 0
    return flags & os.O_ACCMODE != os.O_RDONLY


def _is_regular(file: Path) -> bool:
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return False

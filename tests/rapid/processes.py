"""The processes beneath another one, as /proc shows them."""

from collections.abc import Iterator
from pathlib import Path


def stopped(pid: int) -> bool:
    """Say whether a process stands still after SIGSTOP, or has ended."""
    return _status(pid)[0] in "TZX"


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still live, oldest first."""
    numbers = sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [number for number in numbers if _status(number)[1] == pid]


def descendants(pid: int) -> Iterator[int]:
    """Every process beneath one, parents before their children."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def _status(pid: int) -> tuple[str, int]:
    """State and parent of a process, by proc_pid_stat(5); a process that is gone has none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "X", 0
    # The command, in parentheses, may hold anything; state and parent follow it.
    state, parent, *_ = stat.rpartition(")")[2].split()
    return state, int(parent)

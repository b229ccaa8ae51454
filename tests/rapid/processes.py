"""The processes beneath another one, as /proc shows them."""

from collections.abc import Iterator
from pathlib import Path


def parent(pid: int) -> int | None:
    """The parent of a process; None when the process is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command, in parentheses, may hold anything; the state and the parent follow it.
    return int(stat.rpartition(")")[2].split()[1])


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still live, oldest first."""
    numbers = sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [number for number in numbers if parent(number) == pid]


def descendants(pid: int) -> Iterator[int]:
    """Every process beneath one, parents before their children."""
    for child in children(pid):
        yield child
        yield from descendants(child)

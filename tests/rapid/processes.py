"""The processes beneath another one, as /proc shows them."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path


def stopped(pid: int) -> bool:
    """Say whether a process stands still after SIGSTOP, or has ended."""
    return _status(pid)[0] in "TZX"


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still live, oldest first."""
    return sorted(_families()[pid])


def descendants(pid: int) -> list[int]:
    """Every process beneath one, parents before their children."""
    families = _families()

    def beneath(parent: int) -> Iterator[int]:
        for child in sorted(families[parent]):
            yield child
            yield from beneath(child)

    return list(beneath(pid))


def is_extension(pid: int) -> bool:
    """Say whether a process was started as an extension, by its path; one that is gone was not."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return b"/extensions/" in arguments.partition(b"\0")[0]


def _families() -> defaultdict[int, list[int]]:
    """The children of every process that has some, by one look at /proc."""
    families = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            families[_status(int(entry.name))[1]].append(int(entry.name))
    return families


def _status(pid: int) -> tuple[str, int]:
    """State and parent of a process, by proc_pid_stat(5); a process that is gone has none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "X", -1
    # The command, in parentheses, may hold anything; state and parent follow it.
    state, parent, *_ = stat.rpartition(")")[2].split()
    return state, int(parent)

"""What a process holds: memory, descriptors and threads, as /proc shows them."""

from pathlib import Path
from typing import NamedTuple


class Usage(NamedTuple):
    """What a process holds at one moment.

    Attributes:
        rss: Resident memory, in kilobytes.
        threads: How many threads it has.
        descriptors: How many descriptors are open; None where we may not see, as the daemon lets
            nobody but root look.
    """

    rss: int
    threads: int
    descriptors: int | None


def usage(pid: int) -> Usage:
    """What a process holds now.

    Raises:
        OSError: There is none.
    """
    fields = _status(pid)
    try:
        descriptors = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except PermissionError:
        descriptors = None
    return Usage(int(fields["VmRSS"].split()[0]), int(fields["Threads"]), descriptors)


def resident(pid: int) -> float:
    """Resident memory of a process, in megabytes; zero where it has ended."""
    try:
        fields = _status(pid)
    except OSError:
        return 0.0
    return int(fields.get("VmRSS", "0").split()[0]) / 1024


def _status(pid: int) -> dict[str, str]:
    """What proc_pid_status(5) has of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return dict(line.split(":", 1) for line in lines)

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
    process = Path(f"/proc/{pid}")
    fields = dict(
        line.split(":", 1) for line in (process / "status").read_text(encoding="utf-8").splitlines()
    )
    try:
        descriptors = sum(1 for _ in (process / "fd").iterdir())
    except PermissionError:
        descriptors = None
    return Usage(int(fields["VmRSS"].split()[0]), int(fields["Threads"]), descriptors)

"""A control group with a hard limit of memory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


class NoCgroupError(Exception):
    """This machine, or what runs us, lets us make none."""


@dataclass(frozen=True, slots=True)
class Cgroup:
    """A control group.

    Attributes:
        folder: Its folder.
        peak: Tells how many bytes of memory it has had at most.
    """

    folder: Path
    peak: Path

    @property
    def command(self) -> tuple[str, ...]:
        """What starts a program in it, before the program's path."""
        return ("sh", "-c", f'echo $$ > {self.folder}/cgroup.procs; exec "$@"', "sh")


@contextmanager
def cgroup(limit: int) -> Iterator[Cgroup]:
    """Make a group until the `with` block ends, when nothing may be left in it.

    Args:
        limit: So many bytes of memory it may have, files that it has read among it.

    Raises:
        NoCgroupError: It can't be made.
    """
    old = _ROOT / "memory"
    of_version = (
        (old, "memory.limit_in_bytes", "memory.max_usage_in_bytes")
        if old.is_dir()
        else (_ROOT, "memory.max", "memory.peak")
    )
    parent, most, peak = of_version
    folder = parent / f"warmkey-test-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError as reason:
        raise NoCgroupError(str(reason)) from reason
    try:
        try:
            (folder / most).write_text(str(limit), "ascii")
            (folder / peak).read_text("ascii")
        except OSError as reason:
            raise NoCgroupError(str(reason)) from reason
        yield Cgroup(folder, folder / peak)
    finally:
        folder.rmdir()

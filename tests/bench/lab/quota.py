"""CPU quotas, as a function's memory buys them on Lambda, by control groups."""

import os
import re
import time
from pathlib import Path
from typing import Self

from tests.patience import PATIENCE

_PACE = 0.01  # seconds
_PERIOD = 20_000  # microseconds: short against a start, so that it does not show as steps


class QuotaRefused(Exception):
    """This machine grants no CPU quotas; the message says why, and what to do."""


class CpuQuota:
    """A share of a vCPU for some processes, for the time of a `with` block.

    Args:
        share: How much they get together; 0.29 for 29 % of one vCPU.

    Raises:
        QuotaRefused: On entering, where the machine grants none.
    """

    def __init__(self, share: float) -> None:
        self._limit = round(share * _PERIOD)
        self._group = Path()

    def __enter__(self) -> Self:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8")
        hierarchy, settings = controller(mounts, self._limit)
        group = hierarchy / f"warmkey-bench-{os.getpid()}-{self._limit}"
        try:
            group.mkdir()
            for name, text in settings.items():
                (group / name).write_text(text, encoding="ascii")
        except OSError as refused:
            if group.is_dir():
                group.rmdir()
            raise QuotaRefused(
                f"{hierarchy} takes no new control group with a CPU quota: {refused.strerror}; "
                "run as root, in a container with `--privileged`"
            ) from refused
        self._group = group
        return self

    def __exit__(self, *_: object) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._group.rmdir()
            except OSError:  # the last process of it is still ending
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PACE)
            else:
                return

    def hold(self, pid: int) -> None:
        """Let a process, and all that it will start, share the quota."""
        (self._group / "cgroup.procs").write_text(str(pid), encoding="ascii")

    @property
    def throttled(self) -> int:
        """In how many periods they wanted more than they got."""
        lines = (self._group / "cpu.stat").read_text(encoding="ascii").splitlines()
        return int(dict(line.split() for line in lines)["nr_throttled"])


def controller(mounts: str, limit: int) -> tuple[Path, dict[str, str]]:
    """Where groups with a CPU quota are made, and the files that set it; see cgroups(7).

    Args:
        mounts: What is mounted, as in proc_pid_mounts(5).
        limit: The quota, in microseconds of each period.

    Raises:
        QuotaRefused: Nowhere.
    """
    for line in mounts.splitlines():
        _, place, kind, options, *_ = (_unescaped(field) for field in line.split())
        if kind == "cgroup" and "cpu" in options.split(","):
            old = {"cpu.cfs_period_us": str(_PERIOD), "cpu.cfs_quota_us": str(limit)}
            return Path(place), old
        if kind == "cgroup2" and _enabled(Path(place)):
            return Path(place), {"cpu.max": f"{limit} {_PERIOD}"}
    raise QuotaRefused(
        "no CPU controller of control groups is mounted here and ours to use: take a machine with "
        "cgroups v2 or v1, and run as root"
    )


def _unescaped(field: str) -> str:
    r"""A field as it is: white space and backslashes in it stand as `\040` and the like."""
    return re.sub(r"\\([0-7]{3})", lambda escape: chr(int(escape[1], 8)), field)


def _enabled(hierarchy: Path) -> bool:
    """Whether groups of cgroups v2 have the CPU controller, where need be from now on."""
    try:
        if "cpu" not in (hierarchy / "cgroup.controllers").read_text(encoding="ascii").split():
            return False
        (hierarchy / "cgroup.subtree_control").write_text("+cpu", encoding="ascii")
    except OSError:
        return False
    return True

"""What a run was measured on."""

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

Facts = tuple[tuple[str, str], ...]
"""By name."""


def description() -> str:
    """Processor, cores, memory, kernel, versions, load and date, in one line."""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    load = f"load {os.getloadavg()[0]:.1f}"
    return "; ".join((*(fact for name, fact in facts() if name != "load"), load, now))


def facts() -> Facts:
    """The same without the date, by name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = (
        f"Python {platform.python_version()}",
        *filter(None, (_said("go", "version"), _said("node", "--version", name="Node "))),
    )
    return (
        ("processor", f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GB"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("versions", "; ".join(versions)),
        ("load", f"{os.getloadavg()[0]:.1f} before"),
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _said(*command: str, name: str = "") -> str:
    """What a program says of its version; empty where there is none."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return name + done.stdout.strip().removeprefix("go version ").removeprefix("v")

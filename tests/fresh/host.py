"""The machine where the rows are run: what it needs, and what it lends."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_TOOLS = {
    "mmdebstrap": "mmdebstrap",
    "unshare": "util-linux",
    "setpriv": "util-linux",
    "git": "git",
    "mkfs.ext4": "e2fsprogs",
    "mount": "mount",
    "tar": "tar",
}
_INTERPRETERS = ("~/.pyenv/versions", "~/.local/share/uv/python")


class CannotRun(Exception):
    """Rows cannot be run here, or this one cannot; the message says what is missing."""


def requirements() -> None:
    """Check what every row needs.

    Raises:
        CannotRun: Something is missing.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        raise CannotRun("`make fresh` makes whole machines' roots, which takes root on Linux")
    if missing := sorted({package for tool, package in _TOOLS.items() if not shutil.which(tool)}):
        raise CannotRun(f"`make fresh` needs more tools: apt install {' '.join(missing)}")


def interpreter(version: str) -> Path:
    """An interpreter that is no part of the system, as pyenv and uv install them.

    Args:
        version: Its version, like `3.12`.

    Raises:
        CannotRun: There is none.
    """
    folders = [Path(folder).expanduser() for folder in _INTERPRETERS]
    found = [path for f in folders for path in sorted(f.glob(f"*/bin/python{version}"))]
    if not found:
        raise CannotRun(
            f"no Python {version} in {' or '.join(_INTERPRETERS)}: pyenv install {version}"
        )
    return found[-1]


def said(*command: str) -> str:
    """What a command prints.

    Raises:
        CannotRun: It fails.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotRun(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout

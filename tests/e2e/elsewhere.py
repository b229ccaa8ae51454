"""Runs a command as another process on another machine would run it.

    python elsewhere.py COMMAND …

Everything that a process can be told apart by differs from the process that called it. What the
command writes into its working folder arrives in the caller's.
"""

import ctypes
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

NOBODY = 65534
NEW_HOST_NAME = 0x04000000  # CLONE_NEWUTS, of unshare(2)
VARIABLES = {"CANARY": "canary-variable", "TZ": "Asia/Kathmandu", "HOME": "/canary-home"}


def main() -> int:
    """Run the command."""
    program, *arguments = sys.argv[1:]
    here = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="canary-folder-") as name:
        place = Path(name, "inside")
        shutil.copytree(here, place)
        copy = Path(shutil.copy(program, Path(name, "canary-program")))
        become_another(place)
        user = someone(place)
        done = subprocess.run(  # noqa: S603
            ["canary-argument", *arguments],  # noqa: S607 - by the name of another program
            executable=copy,
            cwd=place,
            env={**os.environ, **VARIABLES},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            close_fds=False,
            umask=0o077,
            check=False,
            user=user,
            group=user,
            extra_groups=None if user is None else [user],
        )
        shutil.copytree(place, here, dirs_exist_ok=True)
    return done.returncode


def become_another(place: Path) -> None:
    """Change what a child inherits."""
    if ctypes.CDLL(None).unshare(NEW_HOST_NAME) == 0:
        socket.sethostname("canary-host")
    for number in (socket.socket().detach(), os.open(place, os.O_RDONLY)):
        os.set_inheritable(os.dup2(number, number + 20), True)
    for each in (signal.SIGUSR1, signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.nice(3)


def someone(place: Path) -> int | None:
    """Another user, where we may become one, who owns the folder now."""
    if os.geteuid():
        return None
    for path in (place.parent, place, *place.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    return NOBODY


if __name__ == "__main__":
    sys.exit(main())

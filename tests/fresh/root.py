"""Roots of stock machines: Debian's suites, with what a newcomer is told to install, no more."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layer.build import mirrors
from layer.build.plan import REPOSITORY
from tests.fresh.row import Row
from tests.fresh.space import EMULATION, Space

BUILD = REPOSITORY / "build/fresh"
_MEMORY = 6 * 2**30
PACKAGES = ("make", "git", "python3", "python3-venv", "ca-certificates")
_RECENT_SECONDS = 24 * 3600
_RESOLVER = "/etc/resolv.conf"
_HOSTS = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
_USER = "newcomer:x:1000:1000::/home/newcomer:/bin/bash\n"
_APT_SETTINGS = ("Acquire::Check-Valid-Until", "Acquire::Check-Date", "Acquire::http::Proxy")
_TOOLS = {
    "mmdebstrap": "mmdebstrap",
    "unshare": "util-linux",
    "setpriv": "util-linux",
    "git": "git",
    "mount": "mount",
    "tar": "tar",
}


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
    memory = re.search(r"^MemAvailable: *(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    if memory and int(memory[1]) * 1024 < _MEMORY:
        raise CannotRun(f"a machine's disk is in memory: {_MEMORY >> 30} GB have to be free")


@contextmanager
def unpacked(row: Row) -> Iterator[Path]:
    """A row's root, for the time of a `with` block: in memory, on a mount that only we see.

    Args:
        row: The row.

    Raises:
        CannotRun: It cannot be made.
    """
    image = _image(row)
    root = BUILD / "machine"
    root.mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", "mode=755,size=90%", "machine", str(root))
    try:
        _run("tar", "-xpf", str(image), "-C", str(root))
        shutil.copyfile(_RESOLVER, root / _RESOLVER[1:])
        (root / "etc/hosts").write_text(_HOSTS, encoding="ascii")
        _add_user(root)
        yield root
    finally:
        _run("umount", "--lazy", str(root))


def _image(row: Row) -> Path:
    """The root as a tar archive; a day old at most, so that it is what users have today."""
    name = "-".join(filter(None, (row.suite, row.foreign, *row.packages)))
    image = BUILD / "images" / f"{name}.tar"
    if image.exists() and time.time() - image.stat().st_mtime < _RECENT_SECONDS:
        return image
    if row.foreign and not EMULATION.exists():
        raise CannotRun(f"there is no {EMULATION}: apt install qemu-user-static")
    image.parent.mkdir(parents=True, exist_ok=True)
    unfinished = image.with_suffix(".part")
    command = ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=tar", "--quiet"]
    command += [f"--include={','.join((*PACKAGES, *row.packages))}"]
    command += [f"--aptopt={setting}" for setting in _apt_settings()]
    command += [f"--architectures={row.foreign}"] if row.foreign else []
    command += [row.suite, str(unfinished), mirrors.mirror().archives[mirrors.DEBIAN]]
    space = Space(users=bool(row.foreign))
    with space.started(command, os.environ, bool(row.foreign)) as making:
        said = b"".join(making.go()).decode("utf-8", "replace").strip()
    if making.process.returncode:
        raise CannotRun(f"mmdebstrap made no root of {row.suite}:\n{said}")
    unfinished.replace(image)
    return image


def _apt_settings() -> list[str]:
    """How this machine's apt reaches its mirror, and how strictly it takes the mirror's age."""
    command = ["apt-config", "dump", "--no-empty", "--format", '%F "%v";%n', *_APT_SETTINGS]
    return _run(*command).splitlines()


def _run(*command: str) -> str:
    """What a command of this machine prints.

    Raises:
        CannotRun: It fails.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CannotRun(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def _add_user(root: Path) -> None:
    """Add an ordinary user, without `useradd`, which bare roots lack."""
    with (root / "etc/passwd").open("a", encoding="ascii") as users:
        users.write(_USER)
    with (root / "etc/group").open("a", encoding="ascii") as groups:
        groups.write("newcomer:x:1000:\n")
    home = root / "home/newcomer"
    home.mkdir(mode=0o700)
    os.chown(home, 1000, 1000)

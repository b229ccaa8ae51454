"""Roots of stock machines: Debian's suites, with what a newcomer is told to install, no more."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from layer.build.inputs import mirrors
from layer.build.plan import REPOSITORY
from tests.fresh.host import CannotRun, said
from tests.fresh.row import PACKAGES, Row
from tests.fresh.space import EMULATION, Space

BUILD = REPOSITORY / "build/fresh"
_DISK_BYTES = 20 * 10**9  # as far as it is used
_RECENT_SECONDS = 24 * 3600
_RESOLVER = "/etc/resolv.conf"
_HOSTS = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
_USER = "newcomer:x:1000:1000::/home/newcomer:/bin/bash\n"
_APT_SETTINGS = ("Acquire::Check-Valid-Until", "Acquire::Check-Date", "Acquire::http::Proxy")


@contextmanager
def unpacked(row: Row) -> Iterator[Path]:
    """A row's root, for the time of a `with` block: on a disk of its own, mounted for us alone.

    A disk that is one file is gone at once; tens of thousands of files take minutes to delete.

    Args:
        row: The row.

    Raises:
        CannotRun: It cannot be made.
    """
    image = _image(row)
    root = BUILD / "machine"
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=BUILD, suffix=".ext4") as disk:
        disk.truncate(_DISK_BYTES)
        said("mkfs.ext4", "-q", "-F", disk.name)
        said("mount", "-o", "loop", disk.name, str(root))
        try:
            said("tar", "-xpf", str(image), "-C", str(root))
            shutil.copyfile(_RESOLVER, root / _RESOLVER[1:])
            (root / "etc/hosts").write_text(_HOSTS, encoding="ascii")
            _add_user(root)
            yield root
        finally:
            said("umount", "--lazy", str(root))


def _image(row: Row) -> Path:
    """The root as a tar archive; a day old at most, so that it is what users have today."""
    more = [package for package in row.packages if package not in PACKAGES]
    name = "-".join(filter(None, (row.suite, row.foreign, *more, "" if row.packages else "bare")))
    image = BUILD / "images" / f"{name}.tar"
    if image.exists() and time.time() - image.stat().st_mtime < _RECENT_SECONDS:
        return image
    if row.foreign and not EMULATION.exists():
        raise CannotRun(f"there is no {EMULATION}: apt install qemu-user-static")
    image.parent.mkdir(parents=True, exist_ok=True)
    unfinished = image.with_suffix(".part")
    command = ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=tar", "--quiet"]
    command += [f"--include={package}" for package in row.packages]
    command += [f"--aptopt={setting}" for setting in _apt_settings()]
    command += [f"--architectures={row.foreign}"] if row.foreign else []
    command += [row.suite, str(unfinished), mirrors.mirror().archives[mirrors.DEBIAN]]
    space = Space(users=bool(row.foreign))
    with space.started(command, os.environ, bool(row.foreign)) as making:
        printed = b"".join(making.go()).decode("utf-8", "replace").strip()
    if making.process.returncode:
        raise CannotRun(f"mmdebstrap made no root of {row.suite}:\n{printed}")
    unfinished.replace(image)
    return image


def _apt_settings() -> list[str]:
    """How this machine's apt reaches its mirror, and how strictly it takes the mirror's age."""
    command = ["apt-config", "dump", "--no-empty", "--format", '%F "%v";%n', *_APT_SETTINGS]
    return said(*command).splitlines()


def _add_user(root: Path) -> None:
    """Add an ordinary user, without `useradd`, which bare roots lack."""
    with (root / "etc/passwd").open("a", encoding="ascii") as users:
        users.write(_USER)
    with (root / "etc/group").open("a", encoding="ascii") as groups:
        groups.write("newcomer:x:1000:\n")
    home = root / "home/newcomer"
    home.mkdir(mode=0o700)
    os.chown(home, 1000, 1000)

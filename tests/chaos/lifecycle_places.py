"""Streams, disk, /proc, working directory and environment may all be missing, full or hostile."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.lifecycle_world import KeyWorld, shell
from tests.rapid import namespaces

_HOSTILE = {
    **{f"A{number}": "x" * 100_000 for number in range(10)},
    "BYTES": "\udcff\udc80",
    "GLIBC_TUNABLES": "glibc.malloc.check=3:glibc.pthread.rseq=0",
    "LD_PRELOAD": "/nowhere.so",
    "LISTEN_FDNAMES": "connection",
    "LISTEN_FDS": "9" * 20,
    "LISTEN_PID": "1",
    "OPENSSL_CONF": "/nowhere.cnf",
    "PYTHONHOME": "/nowhere",
    "PYTHONPATH": "/nowhere",
    "TZ": "/nowhere",
}
# A tmpfs that is full, and in it the layer and nothing else: no /proc, no /dev, no /etc.
_FULL_ROOT = """
mount -t tmpfs -o size=64k full "$0"
mkdir "$0/opt" "$0/tmp"
mount --bind "$1" "$0/opt"
shift
cat /dev/zero > "$0/tmp/full" 2> "$0/tmp/errors" || true
exec chroot "$0" "$@"
"""


def _redirected(redirections: str) -> Callable[[Path], str]:
    def attempt(layer: Path) -> str:
        with KeyWorld() as here:
            here.start(layer, command=shell(f"exec {redirections}")).ready()
            return f"{here.serves()}; {here.leaves_at_shutdown()}"

    return attempt


def _pipe_that_nobody_reads(layer: Path) -> str:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with KeyWorld() as here, open(reader, "rb"), open(writer, "wb", buffering=0) as full:  # noqa: PTH123
        while full.write(b"x" * 4096):
            pass
        os.set_blocking(writer, True)
        command = shell(f"exec >/dev/fd/{writer}")
        here.start(layer, command=command, descriptors=[writer]).ready()
        return f"{here.serves()}; {here.leaves_at_shutdown()}"


def _full_disk(layer: Path) -> str:
    try:
        isolated = namespaces.isolation()
    except namespaces.NamespacesRefused:
        return "not tried: no namespaces are granted here"
    with tempfile.TemporaryDirectory() as place, KeyWorld() as here:
        command = [*isolated, "sh", "-ec", _FULL_ROOT, place, str(layer)]
        here.start(Path("/opt"), command=command).ready()
        return f"{here.serves()}; {here.leaves_at_shutdown()}"


def _nowhere(layer: Path) -> str:
    """A working directory that is gone, and an umask that allows nothing."""
    with KeyWorld() as here:
        gone = 'cd "$(mktemp -d)"; rmdir "$PWD"; umask 777'
        here.start(layer, command=shell(gone)).ready()
        return f"{here.serves()}; {here.leaves_at_shutdown()}"


def _hostile_environment(layer: Path) -> str:
    """Where nothing takes out what the launcher would: the interpreter alone, as in an image."""
    with tempfile.TemporaryDirectory() as place, KeyWorld() as here:
        Path(place, "extensions").mkdir()
        shutil.copy(layer / "warmkey/warmkey", Path(place, "extensions"))
        descriptor = {"WARMKEY_REGISTERED_FD": "3"}  # its own listener's
        here.start(Path(place), {**_HOSTILE, **descriptor}).ready()
        return f"{here.serves()}; {here.leaves_at_shutdown()}"


CASES = [
    Case("standard streams closed", _redirected("<&- >&- 2>&-")),
    Case("standard output on a full disk", _redirected(">/dev/full")),
    Case("standard output a pipe that nobody reads", _pipe_that_nobody_reads),
    Case("full disk, no /proc, no /dev", _full_disk),
    Case("working directory gone, umask 777", _nowhere),
    Case("hostile environment, a megabyte of it", _hostile_environment),
]

"""Runs of a seed, the executable that writes its own memory (layer/interpreter/seed.c)."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from layer.build import notes
from layer.build.elf import Elf

REHEARSAL = Path(__file__).parent.parent / "rehearsal"
# What is best on the processor that runs a seed is not for the snapshot: OpenSSL finds out in each
# start. https://docs.openssl.org/3.5/man3/OPENSSL_ia32cap/
ENVIRONMENT = {"OPENSSL_ia32cap": "0:0", "OPENSSL_armcap": "0"}


class SeedError(Exception):
    """A seed has ended without writing its memory."""


class Snapshot(NamedTuple):
    """What a seed has written.

    Attributes:
        memory: Its writable memory, once it is initialised.
        pages: For each page from its first on whether a start touches it: 1 is read, 2 is written.
    """

    memory: bytes
    pages: bytes


def take(seed: Path, *, emulator: Sequence[str | Path] = (), rehearsed: bool = True) -> Snapshot:
    """Have a seed make a snapshot.

    Args:
        seed: The executable.
        emulator: What runs it where this machine can't.
        rehearsed: Whether it rehearses and plays starts, as the daemon's does.

    Raises:
        SeedError: It refused, for instance as somebody wanted randomness.
    """
    with tempfile.TemporaryDirectory() as name:
        place, scripts = Path(name), ["rehearsal/rehearse.py", "rehearsal/service.py"]
        if not rehearsed:
            _run(seed, emulator, place, [""])
        else:
            _run(seed, emulator, place, ["spread", *scripts])
            (place / "notes").write_bytes(notes.notes((place / "blocks").read_bytes()))
            _run(seed, emulator, place, ["notes", *scripts])
        return Snapshot((place / "memory").read_bytes(), (place / "pages").read_bytes())


def _run(seed: Path, emulator: Sequence[str | Path], place: Path, arguments: Sequence[str]) -> None:
    """Run a seed in a folder.

    It sees relative names alone, as not even the length of a path of this machine may matter.
    """
    memory = Elf(seed.read_bytes()).writable
    ends = (f"{memory.address:x}", f"{memory.address + memory.in_memory:x}")
    shutil.copytree(REHEARSAL, place / "rehearsal", dirs_exist_ok=True)
    done = subprocess.run(
        [*map(str, emulator), str(seed.resolve()), "memory", *ends, *arguments],
        env=ENVIRONMENT,
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip() or f"it ended with {done.returncode} and said nothing"
        raise SeedError(f"the seed has made no snapshot: {said}")

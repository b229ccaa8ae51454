"""Runs of a seed, the executable that writes its own memory (layer/interpreter/seed.c)."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

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


def run(seed: Path, *, emulator: Sequence[str | Path] = (), rehearsed: bool) -> Snapshot:
    """Have a seed make a snapshot.

    It sees relative names alone, as not even the length of a path of this machine may matter.

    Args:
        seed: The executable.
        emulator: What runs it where this machine can't.
        rehearsed: Whether it rehearses and plays starts, as the daemon's does.

    Raises:
        SeedError: It refused, for instance as somebody wanted randomness.
    """
    memory = Elf(seed.read_bytes()).writable
    ends = (memory.address, memory.address + memory.in_memory)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        shutil.copytree(REHEARSAL, place / "rehearsal")
        arguments = ["memory", *(f"{end:x}" for end in ends), ""]
        if rehearsed:
            arguments += ["rehearsal/rehearse.py", "rehearsal/service.py"]
        done = subprocess.run(
            [*map(str, emulator), str(seed.resolve()), *arguments],
            env=ENVIRONMENT,
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.strip() or f"it ended with {done.returncode} and said nothing"
            raise SeedError(f"the seed has made no snapshot: {said}")
        return Snapshot((place / "memory").read_bytes(), (place / "pages").read_bytes())

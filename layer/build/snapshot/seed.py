"""Runs of a seed, the executable that writes its own memory (layer/interpreter/seed.c)."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from layer.build.executables.elf import Elf

REHEARSAL = Path(__file__).parents[2] / "rehearsal"
# What is best on the processor that runs a seed is not for the snapshot: OpenSSL finds out in each
# start. https://docs.openssl.org/3.5/man3/OPENSSL_ia32cap/
ENVIRONMENT = {"OPENSSL_ia32cap": "0:0", "OPENSSL_armcap": "0"}


# In the folder of the rehearsal: what it does at first, and the other side of a start.
SCRIPTS = ("rehearsal/rehearse.py", "rehearsal/service.py")


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


class Notes(NamedTuple):
    """What the starts that a seed plays do, if it is spread out.

    Attributes:
        pages: For each page from its first on whether they touch it: 1 is read, 2 is written.
        blocks: All blocks of its heap, see `layer.build.snapshot.notes.Block`.
    """

    pages: bytes
    blocks: bytes


def note(seed: Path, *, emulator: Sequence[str | Path] = ()) -> Notes:
    """Have a seed that is spread out note what starts do.

    Args:
        seed: The executable.
        emulator: What runs it where this machine can't.

    Raises:
        SeedError: It refused.
    """
    with _ran(seed, emulator, ["spread", *SCRIPTS]) as place:
        return Notes((place / "pages").read_bytes(), (place / "blocks").read_bytes())


def take(seed: Path, notes: Path | None = None, *, emulator: Sequence[str | Path] = ()) -> Snapshot:
    """Have a seed make a snapshot.

    Args:
        seed: The executable.
        notes: Where each block of its heap belongs (layer/build/snapshot/notes.py); without, it
            neither rehearses nor plays starts.
        emulator: What runs it where this machine can't.

    Raises:
        SeedError: It refused, for instance as somebody wanted randomness.
    """
    with _ran(seed, emulator, ["notes", *SCRIPTS] if notes else [""], notes) as place:
        return Snapshot((place / "memory").read_bytes(), (place / "pages").read_bytes())


@contextmanager
def _ran(
    seed: Path,
    emulator: Sequence[str | Path],
    arguments: Sequence[str],
    notes: Path | None = None,
) -> Iterator[Path]:
    """A folder in which a seed has run.

    It sees relative names alone, as not even the length of a path of this machine may matter.
    """
    memory = Elf(seed.read_bytes()).writable
    ends = (f"{memory.address:x}", f"{memory.address + memory.in_memory:x}")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        shutil.copytree(REHEARSAL, place / "rehearsal")
        if notes:
            shutil.copyfile(notes, place / "notes")
        done = subprocess.run(
            [*map(str, emulator), str(seed.resolve()), "memory", *ends, *arguments],
            env=ENVIRONMENT,
            cwd=place,
            stdin=subprocess.DEVNULL,  # as on Lambda; a pipe is read in another way
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.strip() or f"it ended with {done.returncode} and said nothing"
            raise SeedError(f"the seed has made no snapshot: {said}")
        yield place

"""Nothing of the process that made a snapshot, nor of its machine, is in it."""

import ctypes
import platform
import re
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.executables.elf import Elf
from layer.build.plan import REPOSITORY
from layer.build.snapshot import notes, seed
from layer.build.snapshot.image import image
from layer.build.snapshot.seed import REHEARSAL, SeedError
from layer.build.targets import Target
from tests.rapid.layer import build, unpack, zip_of

Grown = Callable[[str], Path]
"""Builds the interpreter of a daemon whose `__main__` begins with these lines."""

REFUSED = {
    "import posix; posix.urandom(8)": "somebody wants randomness",
    "import random": "somebody wants randomness",
    "import ssl; ssl.RAND_bytes(8)": "OpenSSL wants randomness",
    "import ssl; ssl.RAND_status()": "somebody wants randomness",
    "import posix; posix.uname()": "somebody calls uname",
    "import posix; posix.getcwd()": "somebody calls getcwd",
    "import _socket; _socket.gethostname()": "somebody calls gethostname",
    "import _thread; _thread.start_new_thread(print, ())": "somebody starts a thread",
    "import time; time.sleep(0.01)": "somebody sleeps",
    "import posix; KEPT = posix.open('.', 0)": "somebody keeps a descriptor",
    "import select; KEPT = select.epoll()": "somebody keeps a descriptor",
    "raise ValueError('no')": "extension.__main__",
}
GUARDED = {
    "import posix; posix.getuid()": "the kernel's call 102",
    "import posix; posix.getppid(), posix.getpgrp()": "the kernel's call 111",
    "import posix; posix.times()": "the kernel's call 100",
    "import posix; posix.cpu_count()": "the kernel's call 204",
    "import posix; posix.listdir('.')": "the kernel's call 217",
    "import _socket; _socket.socket()": "the kernel's call 41",
    "import posix; posix.pipe()": "the kernel's call 293",
    "import posix; posix.listdir('/')": "No such file or directory: '/'",
    "import posix; posix.stat('/')": "No such file or directory: '/'",
    "import posix; posix.readlink('/proc/self/exe')": "No such file or directory: '/proc/self/exe'",
    "open('/etc/passwd')": "No such file or directory: '/etc/passwd'",
    "open('../elsewhere')": "No such file or directory: '../elsewhere'",
}
"""What the kernel is not even asked, where it can be kept from it (layer/interpreter/guard.c)."""
SYSCALL_USER_DISPATCH = 59
"""PR_SET_SYSCALL_USER_DISPATCH; turning it off works wherever it could be turned on."""
MAIN = """\
import os
{lines}

def main():
    os.write(1, repr(globals().get("KEPT")).encode())
    return 0
"""


@pytest.fixture
def grown(tmp_path: Path) -> Grown:
    """Builds an interpreter from a snapshot."""

    def make(lines: str) -> Path:
        extension = tmp_path / "extension"
        extension.mkdir()
        (extension / "__init__.py").touch()
        (extension / "__main__.py").write_text(MAIN.format(lines=lines), "utf-8")
        executable = tmp_path / "made/warmkey"
        build(snapshot=True).daemon(executable, extension)
        return executable

    return make


@pytest.mark.parametrize("lines", REFUSED)
def test_state_that_differs_between_processes_ends_the_build(grown: Grown, lines: str) -> None:
    """With a word about what was asked for."""
    with pytest.raises(SeedError, match=REFUSED[lines]):
        grown(lines)


@pytest.mark.skipif(
    platform.machine() != "x86_64"
    or ctypes.CDLL(None).prctl(SYSCALL_USER_DISPATCH, 0, 0, 0, 0) != 0,
    reason="this kernel can't keep a seed from asking it: that takes Linux 5.11 on x86-64",
)
@pytest.mark.parametrize("lines", GUARDED)
def test_state_that_only_the_kernel_knows_ends_the_build(grown: Grown, lines: str) -> None:
    """Whoever asks it, and for what: only what is harmless is allowed."""
    with pytest.raises(SeedError, match=re.escape(GUARDED[lines])):
        grown(lines)


def test_the_clock_and_the_process_are_hidden_from_what_is_imported(grown: Grown) -> None:
    """So two builds of it are the same."""
    kept = "import posix, time, _thread\nKEPT = (time.time(), posix.getpid(), _thread.get_ident())"
    executable = grown(kept + "\nKEPT += (dict(posix.environ), time.tzname)")
    done = subprocess.run([executable], env={}, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "(1893456000.0, 1, 1, {}, ('UTC', 'UTC'))"


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda target: target.name)
def test_executable_holds_nothing_of_the_build(target: Target, tmp_path: Path) -> None:
    """No path, host, user or variable, and nothing of the rehearsal."""
    program = (unpack(tmp_path, zip_of(target)) / "warmkey/warmkey").read_bytes()
    certificates = [file.read_bytes() for file in REHEARSAL.glob("*.pem")]
    of_rehearsal = [line for text in certificates for line in text.splitlines()]
    of_machine = [
        str(REPOSITORY).encode(),
        socket.gethostname().encode() + b".",
        platform.release().encode(),
        str(Path.home()).encode() + b"/",
        b"rehearse.py",
        b"rehearsal root",
        b"rehearsal.invalid",
    ]
    assert len(of_rehearsal) > 50
    for each in (*of_machine, *(line for line in of_rehearsal if b"-----" not in line)):
        assert each not in program, each


def test_a_seed_makes_the_same_snapshot_below_another_processor(tmp_path: Path) -> None:
    """Emulated, as for the other architecture."""
    target = targets.host()
    executable, emulator = unpack(tmp_path) / "warmkey/warmkey", build().materials.emulator(target)
    made = REPOSITORY / "build/layer" / target.name / "interpreter"
    noted = seed.note(made / "spread", emulator=emulator)
    assert notes.notes(noted.blocks) == (made / "notes").read_bytes()
    memory, pages = seed.take(made / "seed", made / "notes", emulator=emulator)
    assert image(Elf((made / "seed").read_bytes()), memory, pages) == executable.read_bytes()

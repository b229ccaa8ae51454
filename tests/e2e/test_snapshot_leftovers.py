"""A snapshot holds nothing of the process that made it, nor of what it rehearsed."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.executables.elf import Elf
from layer.build.plan import REPOSITORY, SNAPSHOT
from layer.build.snapshot import notes, seed
from layer.build.snapshot.image import image
from layer.build.snapshot.seed import REHEARSAL, Snapshot
from layer.build.targets import Target
from tests.e2e.leftovers import private_numbers, random_words, spellings, words
from tests.rapid.layer import unpack, zip_of

pytestmark = pytest.mark.skipif(not SNAPSHOT, reason="built without a snapshot")
ELSEWHERE = (sys.executable, str(Path(__file__).with_name("elsewhere.py")))
KEEPING = """
import sys
sys.kept = context = server_context(f"{FOLDER}/ec-server.pem", TLS_1_3)
sys.also_kept = server_context(f"{FOLDER}/rsa-server.pem", TLS_1_2), "canary", _ssl.RAND_bytes(64)
"""
ADDING = ("sh", "-c", f"cat >>rehearsal/rehearse.py <<'.'\n{KEEPING}.\nexec \"$@\"", "sh")
VALUES = ("KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "FUNCTION_NAME", "KEY=")


@pytest.fixture(scope="module")
def made() -> Path:
    """Where this machine's layer was built, with its seed."""
    zip_of(targets.host())
    return REPOSITORY / "build/layer" / targets.host().name / "interpreter"


@pytest.fixture(scope="module")
def careless(made: Path) -> Snapshot:
    """What a seed writes whose rehearsal keeps what it has made."""
    return seed.take(made / "seed", made / "notes", emulator=ADDING)


@pytest.fixture(params=targets.TARGETS, ids=lambda target: target.name)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> bytes:
    """The executable of the layer."""
    target: Target = request.param
    return (unpack(tmp_path, zip_of(target)) / "warmkey/warmkey").read_bytes()


def canaries() -> Iterator[bytes]:
    """What the rehearsal is given and must not be there."""
    yield from spellings("canary")
    yield from private_numbers(REHEARSAL)


def test_a_snapshot_taken_elsewhere_is_the_same(made: Path) -> None:
    """By another user, on another host, under other limits, with other variables and files."""
    memory, pages = seed.take(made / "seed", made / "notes", emulator=ELSEWHERE)
    executable = image(Elf((made / "seed").read_bytes()), memory, pages)
    assert executable == (made / "warmkey").read_bytes()


def test_starts_played_elsewhere_are_noted_alike(made: Path) -> None:
    """So the order of the heap is the same, too."""
    noted = seed.note(made / "spread", emulator=ELSEWHERE)
    assert notes.notes(noted.blocks) == (made / "notes").read_bytes()


def test_elsewhere_is_another_place(tmp_path: Path) -> None:
    """Or the test before could not fail."""
    shell = shutil.which("sh") or "/bin/sh"
    command = [*ELSEWHERE, shell, "-c", 'pwd; echo "$CANARY $0"; ls -l /proc/self/fd']
    done = subprocess.run(  # noqa: S603
        command, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    folder, variable, *descriptors = done.stdout.splitlines()
    assert "canary-folder" in folder
    assert variable.split()[0] == "canary-variable"
    assert any("socket:" in each for each in descriptors)


def test_executable_holds_nothing_that_was_rehearsed(program: bytes) -> None:
    """No key, token, name or value, and no secret number of a certificate's key."""
    assert [each for each in canaries() if each in program] == []


def test_no_random_number_of_the_rehearsal_is_in_the_executable(program: bytes) -> None:
    """So no key, nonce, ticket key or session id of its connections is."""
    assert words(program) & random_words() == set()


def test_leftovers_of_a_careless_rehearsal_are_found(careless: Snapshot) -> None:
    """Or the tests before could not fail."""
    found = [each for each in canaries() if each in careless.memory]
    assert b"canary" in found
    assert len(found) > 1
    assert words(careless.memory) & random_words()


def test_every_value_of_a_played_start_is_a_canary() -> None:
    """So that whatever remains of it is found."""
    lines = (REHEARSAL / "environment").read_text("ascii").splitlines()
    told = [line for line in lines if any(value in line for value in VALUES)]
    assert len(told) == len(VALUES)
    assert [line for line in told if "canary" not in line] == []


def test_a_rehearsal_has_nothing_to_do_with_the_daemon() -> None:
    """Its state is not in the snapshot, as the daemon has none yet."""
    text = (REHEARSAL / "rehearse.py").read_text("utf-8")
    imported = {line for line in text.splitlines() if line.lstrip().startswith(("import", "from"))}
    assert imported == {
        "from __future__ import annotations",
        "import _hashlib",
        "import _ssl",
        "    from typing import Any",
    }

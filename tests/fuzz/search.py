"""A search of one target: starts the engine, and reads what came of it.

The same seed tries the same inputs again, on the same machine and code. The engine's coverage moves
with the addresses of what it counts, so these are fixed, where the kernel lets a process have fixed
ones, and so is whatever they depend on: hashes, variables, the length of the command, modules
compiled each time, as reading bytecode takes other memory, and a copy of the code with nothing
beside it, as whoever imports it reads whole folders. Left to chance is how long an input takes,
which counts against `PATIENCE` alone.
"""

import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.target import Target

_ROOT = Path(__file__).parents[2]
_CODE = ("extension", "tests/fuzz")
_VARIABLES = {
    "PYTHONHASHSEED": "0",
    # There is no bytecode there, whoever has left some beside the sources.
    "PYTHONPYCACHEPREFIX": os.devnull,
    "PYTHONDONTWRITEBYTECODE": "1",
}
_STATISTIC = r"^stat::{}: +(\d+)$"
_ERROR = re.compile(r"Uncaught Python exception: ===\n(.*)", re.S)


class EngineError(Exception):
    """The engine ended without having searched; the message holds what it said."""


@dataclass(frozen=True, slots=True)
class Search:
    """What came of a search.

    Attributes:
        target: The target's name.
        executions: How many inputs were tried.
        seconds: How long that took.
        new_paths: How many of them reached something that none before had reached.
        finding: The error that ended it; empty where nothing was found.
        input: The file with the input that raised it, or None.
    """

    target: str
    executions: int
    seconds: float
    new_paths: int
    finding: str = ""
    input: Path | None = None


@functools.cache
def at_fixed_addresses() -> tuple[str, ...]:
    """What a command begins with to run without random addresses; nothing where that is refused."""
    fixed = ("setarch", "--addr-no-randomize")
    try:
        asked = subprocess.run([*fixed, "true"], capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return ()
    return () if asked.returncode else fixed


def search(target: Target, executions: int, place: Path, seed: int = 1) -> Search:
    """Search a target for inputs that it does not bear.

    Args:
        target: The target.
        executions: How many inputs to try.
        place: The folder that an input is put into which was found.
        seed: What the choice of inputs begins with.

    Raises:
        EngineError: There was no search.
    """
    with tempfile.TemporaryDirectory(prefix="warmkey-fuzz-") as folder:
        command = [*at_fixed_addresses(), *_command(target, executions, Path(folder), seed)]
        began = time.monotonic()
        ended = subprocess.run(  # noqa: S603 - our own engine
            command,
            cwd=_copied(Path(folder)),
            env=_VARIABLES,
            capture_output=True,
            text=True,
            errors="backslashreplace",
            check=False,
        )
        seconds = time.monotonic() - began
        error = _ERROR.search(ended.stdout)
        if ended.returncode and not error and "libFuzzer" not in ended.stderr:
            raise EngineError(f"{target.name}: {(ended.stdout + ended.stderr)[-2000:]}")
        found = next(Path(folder).glob("found-*"), None)
        return Search(
            target.name,
            _statistic("number_of_executed_units", ended.stderr),
            seconds,
            _statistic("new_units_added", ended.stderr),
            _finding(error, ended),
            found and Path(shutil.copy(found, place / f"{target.name}.txt")),
        )


def _copied(folder: Path) -> Path:
    """Copy the code to where no other process writes: sources, and what a search starts from."""
    code = folder / "code"
    for part in _CODE:
        shutil.copytree(_ROOT / part, code / part, ignore=shutil.ignore_patterns("__pycache__"))
    return code


def _finding(error: re.Match[str] | None, ended: subprocess.CompletedProcess[str]) -> str:
    if not ended.returncode:
        return ""
    return error[1].strip() if error else ended.stderr[-2000:]


def _command(target: Target, executions: int, folder: Path, seed: int) -> list[str]:
    dictionary, reached, seeds = folder / "words", folder / "reached", folder / "seeds"
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    reached.mkdir()
    # By name, as the order in a folder is the file system's.
    corpus = sorted(file.relative_to(_ROOT) for file in target.corpus.iterdir())
    seeds.write_text(",".join(map(str, corpus)))
    return [
        *(sys.executable, "-u", "-m", "tests.fuzz.engine", target.attempt.__module__),
        *(f"-runs={executions}", f"-seed={seed}", f"-max_len={target.longest}"),
        *("-print_final_stats=1", "-verbosity=0", "-timeout=60", "-reload=0"),
        *(f"-dict={dictionary}", f"-artifact_prefix={folder}/found-"),
        *(f"-seed_inputs=@{seeds}", str(reached)),
    ]


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass"))


def _statistic(name: str, text: str) -> int:
    found = re.search(_STATISTIC.format(name), text, re.M)
    return int(found[1]) if found else 0

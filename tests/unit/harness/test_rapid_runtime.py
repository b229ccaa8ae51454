"""Programs for the interpreter of the tests start wherever that interpreter is."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.rapid.runtime import python_program


def test_a_program_starts_on_an_interpreter_below_a_path_with_a_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its arguments and its options."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    interpreter, program = folder / "python", folder / "a program"
    interpreter.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(interpreter))
    program.write_text(python_program("import sys\nprint(sys.argv, sys.flags.isolated)\n"))
    program.chmod(0o755)
    done = subprocess.run([program, "an argument"], capture_output=True, timeout=PATIENCE)  # noqa: S603
    assert done.stdout.decode() == f"{[str(program), 'an argument']} 1\n"

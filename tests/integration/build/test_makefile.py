"""The commands of the project, where they cannot be run."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from layer.build.plan import REPOSITORY


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone, as far as `make` looks at it, whose path has a space in it."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    shutil.copy(REPOSITORY / "Makefile", folder)
    return folder


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `make` as a developer would, not as a part of the one that runs these tests."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    command = ["make", *arguments]
    return subprocess.run(  # noqa: S603
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("goal", ["run", "test", "layer", "release", "layer-update"])
def test_a_machine_without_apt_is_told_what_to_run_before_anything_is_made(
    goal: str, clone: Path
) -> None:
    """One line that starts a container on the same folder, with the same goal."""
    done = make(clone, goal, "APT=/nowhere/apt-helper")
    assert done.returncode == 2
    assert "there is no apt here (/nowhere/apt-helper)" in done.stderr
    [line] = [line for line in done.stderr.splitlines() if line.startswith("docker run ")]
    *docker, command = shlex.split(line)
    assert f"{clone}:/warmkey" in docker
    assert docker[-3:] == ["debian:13", "sh", "-c"]
    assert command.startswith("apt-get update && apt-get install -y make git python3 python3-venv ")
    assert command.endswith(f" && make {goal}")
    assert [file.name for file in clone.iterdir()] == ["Makefile"]


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [("true", 0, r"· a step  \d+ s\n"), ("false", 2, r"· a step\n")],
)
def test_a_step_of_make_is_told_as_those_of_the_build_are(
    command: str, status: int, said: str, clone: Path
) -> None:
    """A line with its time or, where it fails, without."""
    with (clone / "Makefile").open("a") as makefile:
        makefile.write(f"\na-step:\n\t$(call step,a step,{command})\n")
    done = make(clone, "a-step")
    assert done.returncode == status
    assert re.fullmatch(said, done.stdout)

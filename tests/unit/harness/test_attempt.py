"""What can't be had is asked for once in a test run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from layer.build.plan import REPOSITORY
from tests.languages.attempt import stage_once
from tests.languages.language import Unavailable

WORKER = """
from pathlib import Path
from tests.languages.attempt import stage_once
from tests.languages.language import Unavailable
def make(place):
    with Path("attempts").open("a") as file:
        file.write("x")
    raise Unavailable("no network")
try:
    stage_once(Path("packages"), ["lock"], make)
except Unavailable as error:
    print(error)
"""


def test_failed_attempt_fails_again_at_once(tmp_path: Path) -> None:
    """With the same message, and whatever is to be made of the lock meanwhile."""
    attempts: list[Path] = []

    def make(place: Path) -> None:
        attempts.append(place)
        raise Unavailable(f"attempt {len(attempts)}\nfailed")

    for ingredient in ("one", "one", "two"):
        with pytest.raises(Unavailable, match=r"^attempt 1\nfailed$"):
            stage_once(tmp_path / "packages", [ingredient], make)


def test_all_workers_of_a_run_share_one_attempt_and_the_next_run_makes_its_own(
    tmp_path: Path,
) -> None:
    """It may have a network."""
    for run in ("one", "one", "two"):
        environ = {**os.environ, "PYTEST_XDIST_TESTRUNUID": run, "PYTHONPATH": str(REPOSITORY)}
        command = [sys.executable, "-c", WORKER]
        done = subprocess.run(  # noqa: S603 - the script above
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
        )
        assert done.stdout == "no network\n"
    assert (tmp_path / "attempts").read_text(encoding="utf-8") == "xx"


def test_result_of_an_attempt_is_kept(tmp_path: Path) -> None:
    """Even if it could not be made again."""
    stage_once(tmp_path / "packages", ["lock"], Path.mkdir)
    stage_once(tmp_path / "packages", ["lock"], Path.rmdir)
    assert (tmp_path / "packages").is_dir()

"""`make release`: everything that a version consists of, in one folder."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from extension import VERSION
from layer.build.plan import REPOSITORY
from layer.build.stand_in import note
from layer.release.__main__ import main
from tests.rapid.layer import build


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder, made once."""
    if shutil.which("npm") is None:
        pytest.skip("there is no npm to pack the client for Node.js: `make tools` installs it")
    if build().lock.unlocked:
        pytest.skip(f"a release is built of locked inputs alone. {note(build().lock)}")
    place = tmp_path_factory.mktemp("release") / "made"
    command = [sys.executable, "-m", "layer.release", str(place)]
    subprocess.run(command, cwd=REPOSITORY, check=True)  # noqa: S603
    return place


def test_a_release_holds_layers_packages_bills_checksums_and_notes(folder: Path) -> None:
    """And nothing else."""
    layers = [f"warmkey-layer-{name}" for name in ("arm64", "x86_64")]
    assert {file.name for file in folder.iterdir()} == {
        *(f"{name}.zip" for name in layers),
        *(f"{name}.cdx.json" for name in layers),
        f"warmkey-{VERSION}-py3-none-any.whl",
        f"warmkey-{VERSION}.tgz",
        f"warmkey-infrastructure-{VERSION}.tgz",
        "SHA256SUMS",
        "NOTES.md",
    }


def test_the_checksums_are_those_of_the_files(folder: Path) -> None:
    """As `sha256sum` checks them, and of every file that is published."""
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603
    assert len(done.stdout.splitlines()) == 7
    assert done.stdout.count(": OK") == 7


def test_the_notes_are_the_changelogs(folder: Path) -> None:
    """Those of this version."""
    said = (folder / "NOTES.md").read_text(encoding="utf-8")
    assert said.startswith("### ")
    assert said in (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """It may be anybody's; only that of the version itself is made anew."""
    (tmp_path / "somebody's").touch()
    assert f"{tmp_path} is not empty" in str(main([str(tmp_path)]))
    assert (tmp_path / "somebody's").exists()

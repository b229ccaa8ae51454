"""Where locked files are gone: `make run` goes on, `make layer` does not; how that is mended."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from layer.build import targets
from layer.build.inputs.lock import Lock
from layer.build.inputs.mirrors import APT_HELPER, MIRROR_VARIABLE, SNAPSHOT_VARIABLE
from layer.build.inputs.renewal import KEYRING_PACKAGE
from layer.build.plan import REPOSITORY
from tests.fakes.debian_archive import DebianArchive, File, SigningKey, keyring
from tests.rapid.layer import build, zip_of

pytestmark = [
    pytest.mark.skipif(not APT_HELPER.exists(), reason="there is no apt here"),
    pytest.mark.skipif(not shutil.which("gpg"), reason="there is no gpg: `make tools` installs it"),
]

GONE = "libssl-dev"
LAYER = f"warmkey-layer-{targets.host().name}"


class Clone:
    """A clone of the repository whose lock names a version that no archive holds.

    Args:
        root: Where it is.
        archive: The archive that its commands use. Its suite holds, in the version that this
            repository has locked, what the clone locks in another; so hardly anything is built.
        key: What the archive is signed with.
    """

    def __init__(self, root: Path, archive: DebianArchive, key: SigningKey) -> None:
        self.root, self._archive = root, archive
        bytecode = shutil.ignore_patterns("__pycache__")  # which others write at any moment
        for name in ("layer", "extension"):
            shutil.copytree(REPOSITORY / name, root / name, symlinks=True, ignore=bytecode)
        for name in ("LICENSE", "CHANGELOG.md", "README.md", "pyproject.toml"):
            shutil.copy(REPOSITORY / name, root)
        zip_of(targets.host())
        shutil.copytree(REPOSITORY / "build/layer", root / "build/layer", copy_function=os.link)
        keys = keyring(key)
        current = [each for each in build().lock.inputs if each.package != KEYRING_PACKAGE]
        inputs = root / "build/layer/inputs"
        files = [File(each, _contents(inputs / each.file_name)) for each in current]
        archive.publish(key, [*files, keys])
        locked = [
            replace(each, version="0", sha256="0" * 64, path=f"debian/pool/{each.architecture}.deb")
            if each.package == GONE
            else each
            for each in current
        ]
        Lock.of([*locked, keys.about]).write(root / "layer/build/inputs.lock")
        for file in inputs.glob(f"{GONE}_*"):
            file.unlink()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a module of the repository's, as `make` does."""
        around = {MIRROR_VARIABLE: self._archive.mirror, SNAPSHOT_VARIABLE: self._archive.snapshots}
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", *command],
            cwd=self.root,
            env={**os.environ, **around},
            capture_output=True,
            text=True,
            check=False,
        )

    def made(self) -> set[str]:
        """What is in `dist`."""
        return {file.name for file in (self.root / "dist").glob("*")}

    def inputs_of(self, name: str) -> str:
        """What a zip's bill says of what it is built from."""
        with zipfile.ZipFile(self.root / "dist" / name) as archive:
            bill = json.loads(archive.read("warmkey/sbom.cdx.json"))
        [said] = bill["metadata"]["properties"]
        return str(said["value"])


def _contents(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    """One that has never been built."""
    with SigningKey() as key, DebianArchive() as archive:
        yield Clone(tmp_path / "a clone", archive, key)


def test_make_run_goes_on_with_debians_current_versions_and_marks_what_it_builds(
    clone: Clone,
) -> None:
    """By the zip's name and in its bill; `make layer` and `make release` refuse, until mended."""
    ran = clone.run("layer.build", "--or-current", targets.host().name)
    assert ran.returncode == 0, ran.stderr
    assert f"\nNot the locked layer: Debian has replaced {GONE}; " in ran.stdout
    assert clone.made() == {f"unlocked-{LAYER}.zip", f"unlocked-{LAYER}.cdx.json"}
    assert clone.inputs_of(f"unlocked-{LAYER}.zip") == "unlocked"

    again = clone.run("layer.build", "--or-current", targets.host().name)
    assert again.stdout.startswith("Not the locked layer: ")

    refused = clone.run("layer.build")
    assert refused.returncode == 1
    assert f"the layer can't be built: {GONE} 0 (amd64) is not to be had: " in refused.stderr
    assert refused.stderr.endswith("`make layer-update`, then `make layer`\n")
    if shutil.which("npm"):
        refused = clone.run("layer.release", "release")
        assert refused.returncode == 1
        assert f"the release can't be built: {GONE} 0 (amd64) is not to" in refused.stderr
    assert clone.made() == {f"unlocked-{LAYER}.zip", f"unlocked-{LAYER}.cdx.json"}

    updated = clone.run("layer.build", "update")
    assert f"{GONE} ({targets.host().debian}): 0 → " in updated.stdout, updated.stderr
    built = clone.run("layer.build", targets.host().name)
    assert built.returncode == 0, built.stderr
    assert clone.inputs_of(f"{LAYER}.zip") == "locked"

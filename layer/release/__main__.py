"""`make release`: build everything that one version consists of, and say what it is.

    dist/VERSION/
        warmkey-layer-ARCHITECTURE.zip, .cdx.json   the layers, and their bills of materials
        warmkey-VERSION-py3-none-any.whl            for PyPI
        warmkey-VERSION.tgz                         for npm: the client
        warmkey-infrastructure-VERSION.tgz          for npm: the CDK, the Serverless Framework
        SHA256SUMS, NOTES.md

It publishes nothing. The same commit gives the same bytes on any machine.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from layer.build import stand_in, targets
from layer.build.contents import npm
from layer.build.contents.tree import version
from layer.build.inputs.mirrors import ArchiveError
from layer.build.plan import REPOSITORY, Build
from layer.release.changelog import ChangelogError, notes
from layer.release.checksums import checksums

DIST = REPOSITORY / "dist"


def main(arguments: list[str]) -> str | None:
    """Build it.

    Args:
        arguments: The folder that it goes to, empty, or nothing for `dist/VERSION`.

    Returns:
        What went wrong, for people.
    """
    name = version(REPOSITORY)
    folder = Path(*arguments).absolute() if arguments else DIST / name
    if arguments and folder.exists() and any(folder.iterdir()):
        return f"{folder} is not empty; name a folder that is, or none for {DIST / name}"
    try:
        text = notes((REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"), name)
    except ChangelogError as error:
        return str(error)
    if shutil.which("npm") is None:
        return "npm is not installed, which packs the client for Node.js: apt install npm"
    try:
        build = stand_in.obtain(REPOSITORY / "build/layer", targets.TARGETS, or_current=False)
    except ArchiveError as error:
        return f"the release can't be built: {error}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _layers(build, folder)
    _wheel(folder)
    for source in (npm.SOURCE, npm.INFRASTRUCTURE):
        _npm_package(name, source, folder)
    (folder / "SHA256SUMS").write_text(checksums(folder.iterdir()), encoding="utf-8")
    (folder / "NOTES.md").write_text(text, encoding="utf-8")
    for file in sorted(folder.iterdir()):
        print(f"{file.name}  {file.stat().st_size:,} bytes")
    return None


def _layers(build: Build, folder: Path) -> None:
    for made in build.layers(targets.TARGETS, DIST):
        shutil.copy(made, folder)
        shutil.copy(made.with_suffix(".cdx.json"), folder)


def _wheel(folder: Path) -> None:
    """The wheel takes the layers in `dist/`, which have just been built."""
    for _wheel in WheelBuilder(str(REPOSITORY)).build(directory=str(folder)):
        pass  # it is built when it is asked for


def _npm_package(name: str, source: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        npm.lay_out(REPOSITORY, name, Path(place, "package"), source)
        command = ["npm", "pack", "--silent", "--pack-destination", str(folder)]
        subprocess.run(command, cwd=Path(place, "package"), stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

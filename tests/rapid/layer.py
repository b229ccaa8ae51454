"""The layer's tree, as it appears under `/opt`: unpacked from the built zip, or from the sources.

`unpack` is what users get. `stage` puts the sources on the interpreter of the tests, where the
same code has no head start and an interpreter that is finished from the beginning:

extensions/warmkey   the extension Lambda starts
warmkey/extension/   the daemon's package
python/warmkey/      the thin client for Python handlers
"""

import compileall
import shlex
import shutil
import stat
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from layer.build import stand_in, targets
from layer.build.plan import REPOSITORY, SNAPSHOT, Build
from layer.build.targets import Target

EXTENSION = "extensions/warmkey"
"""What Lambda starts, from the layer's tree."""

_UNWANTED = shutil.ignore_patterns("__pycache__", "*.pyc")

# A shell line that Python reads as a string: a shebang holds neither spaces nor long paths.
_EXTENSION = """\
#!/bin/sh
''':'
exec {python} -IB "$0" "$@"
'''
import sys

sys.path.insert(0, __file__.rpartition("/extensions/")[0] + "/warmkey")

from extension.__main__ import main

sys.exit(main())
"""


def build(*, snapshot: bool = SNAPSHOT) -> Build:
    """The build of the layer, on what is built already and of the same inputs.

    Args:
        snapshot: Whether the daemon's interpreter starts from a snapshot.
    """
    work = REPOSITORY / "build/layer"
    return Build(stand_in.standing(work), work, snapshot=snapshot)


@cache
def zip_of(target: Target) -> Path:
    """The zip for an architecture, built where it is not there or not of today's sources.

    That is looked at once in a process, as it takes reading all that the zip is made from.
    """
    (made,) = build().layers([target], REPOSITORY / "dist")
    return made


def unpack(destination: Path, archive: Path | None = None) -> Path:
    """Unpack a zip with the modes that it names, as Lambda does.

    Args:
        destination: What will be mounted as `/opt`.
        archive: The zip; None for the one that this machine runs.

    Returns:
        The destination.
    """
    with zipfile.ZipFile(archive or zip_of(targets.host())) as members:
        for member in members.infolist():
            path = Path(members.extract(member, destination))
            path.chmod(stat.S_IMODE(member.external_attr >> 16))
    return destination


def stage(destination: Path) -> Path:
    """Put the layer's tree into a directory that does not exist yet, or is empty.

    Args:
        destination: What will be mounted as `/opt`.

    Returns:
        The destination.

    Raises:
        FileNotFoundError: A part of the layer is missing from the sources.
        FileExistsError: Something is in the way.
    """
    for source, target in (
        ("extension", "warmkey/extension"),
        ("layer/python/warmkey", "python/warmkey"),
    ):
        shutil.copytree(REPOSITORY / source, destination / target, ignore=_UNWANTED)
    # `/opt` is read-only: what is not compiled now would be compiled in every cold start.
    compileall.compile_dir(destination, quiet=1, stripdir=str(destination), prependdir="/opt")
    script = _EXTENSION.format(python=shlex.quote(sys.executable))
    add_extension(destination, "warmkey", script)
    return destination


def stage_one_file(destination: Path, name: str = "warmkey") -> Path:
    """Put nothing but the interpreter into a directory, as one file, as into a container's image.

    Args:
        destination: What will be mounted as `/opt`.
        name: The file's name.

    Returns:
        The destination.
    """
    path = destination / "extensions" / name
    path.parent.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(unpack(Path(place)) / "warmkey/warmkey", path)
    return destination


def add_extension(layer: Path, name: str, script: str) -> Path:
    """Add an executable script to a layer's `extensions/`.

    Args:
        layer: The layer's tree.
        name: The file's name, which is the extension's name too.
        script: The script, shebang first.

    Returns:
        The script's path.
    """
    path = layer / "extensions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)
    return path

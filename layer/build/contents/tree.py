"""The layer's files as they lie in /opt, and so in the zip."""

import os.path
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from layer.build.contents import components, licences, npm, sbom
from layer.build.inputs.lock import Lock
from layer.build.inputs.sysroot import Sysroot
from layer.build.stages import Key

HERE = Path(__file__).parent
BILL = "warmkey/sbom.cdx.json"
CLIENT = "python/warmkey"
NODE_CLIENT = "nodejs/node_modules/warmkey"
EXECUTABLE, PLAIN, FOLDER = 0o755, 0o644, 0o755
DATA = {"ca-certificates"}
# What is copied as it is: from the repository's root → in the layer.
COPIED = {
    "layer/python/warmkey": CLIENT,
    "layer/warmkey.schema.json": "warmkey/warmkey.schema.json",
}
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", "pytest_plugin.py", "testing.py")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the build has made for one architecture.

    Attributes:
        sysroot: The unpacked packages.
        interpreter: The folder of the executable `warmkey` and of `linked.txt`.
        launcher: The same.
    """

    sysroot: Sysroot
    interpreter: Path
    launcher: Path

    def key(self, repository: Path) -> Key:
        """All that the tree is made from."""
        names = ("components", "licences", "npm", "sbom", "tree")
        code = [HERE / f"{name}.py" for name in names]
        copied = [repository / name for name in (*COPIED, npm.SOURCE)]
        own = [repository / "extension/__init__.py", repository / "LICENSE"]
        made = [
            folder / name
            for folder in (self.interpreter, self.launcher)
            for name in ("warmkey", "linked.txt")
        ]
        return [*code, *own, *(c for c in copied if c.exists()), *made]

    def linked(self) -> Iterator[str]:
        """The files that the linker took."""
        for folder in (self.interpreter, self.launcher):
            for path in (folder / "linked.txt").read_text("utf-8").splitlines():
                yield os.path.normpath(folder / path)


def lay_out(parts: Parts, lock: Lock, repository: Path, into: Path) -> None:
    """Put the layer's files where they belong, each with its mode."""
    target, root = parts.sysroot.target, parts.sysroot.root
    used = components.of_packages(parts.sysroot.packages_of(parts.linked()) | DATA)
    _place(parts.launcher / "warmkey", into / "extensions/warmkey")
    _place(parts.launcher / "warmkey", into / "warmkey-exec")
    _place(parts.interpreter / "warmkey", into / "warmkey/warmkey")
    licences.write(used, root, repository / "LICENSE", into / "warmkey/licences")
    inputs = (*lock.packages(target.debian), *lock.sources())
    release = version(repository)
    bill = sbom.bill(target, release, used, inputs, unlocked=lock.unlocked)
    (into / BILL).write_text(bill, encoding="utf-8")
    for source, name in COPIED.items():
        _copy(repository / source, into / name)
    npm.lay_out(repository, release, into / NODE_CLIENT)
    _set_modes(into)


def version(repository: Path) -> str:
    """Warmkey's version, as the daemon has it."""
    text = (repository / "extension/__init__.py").read_text("utf-8")
    if match := re.search(r'^VERSION = "([^"]+)"', text, re.MULTILINE):
        return match[1]
    raise ValueError('extension/__init__.py holds no line VERSION = "…"')


def _place(file: Path, at: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, at)
    at.chmod(EXECUTABLE)


def _copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to, ignore=_not_copied)
    elif source.exists():
        shutil.copyfile(source, to)


def _not_copied(folder: str, names: list[str]) -> set[str]:
    """What a function has no use for: bytecode, what is for tests, what is linked for PyPI."""
    links = {name for name in names if Path(folder, name).is_symlink()}
    return links | NOT_COPIED(folder, names)


def _set_modes(tree: Path) -> None:
    """Executables are those that were made so here; a umask or a checkout has no say."""
    for path in tree.rglob("*"):
        executable = path.is_dir() or path.name in {"warmkey", "warmkey-exec"}
        path.chmod(EXECUTABLE if executable else PLAIN)

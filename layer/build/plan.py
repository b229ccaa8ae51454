"""The plan: which stage is made from which.

    lock → sysroot ─┬─ C modules ─┬─ python ── frozen modules (once, by this machine's python)
      └──→ source ──┘             └─ interpreter ─┬─ tree → zip
                         launcher, roots, licences ┘

Each stage is a folder below build/layer/, made again when something that it is made from has changed.
"""

import json
import shutil
from pathlib import Path

from layer.build import archive, interpreter, launcher, source, sysroot, targets, toolchain
from layer.build.lock import Input, Lock
from layer.build.python import Python
from layer.build.renewal import TESTSUITE
from layer.build.stages import stage
from layer.build.sysroot import Sysroot
from layer.build.targets import Target
from layer.build.tree import BILL, Parts, lay_out

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
LOCK = HERE / "inputs.lock"
EXTENSION = REPOSITORY / "extension"
COMPILER = (
    *(HERE / name for name in ("interpreter.py", "sysroot.py", "targets.py", "toolchain.py")),
    toolchain.VERSION,
)


class Build:
    """One build.

    Args:
        lock: The inputs.
        work: The folder for what is kept between builds.
        extension: The daemon's package.
    """

    def __init__(self, lock: Lock, work: Path, extension: Path = EXTENSION) -> None:
        self._lock = lock
        self._work = work
        self._extension = extension

    def layer(self, target: Target, dist: Path) -> Path:
        """Put the zip, and its bill of materials, into the folder `dist`."""
        tree, python = self._tree(target), self.python(targets.host())
        files = sorted(file for file in tree.rglob("*") if file.is_file())
        members = [(str(f.relative_to(tree)), f.stat().st_mode & 0o777, str(f)) for f in files]

        def make(out: Path) -> None:
            python.run(HERE / "pack.py", out, text=json.dumps(members))

        modes = [f"{mode:o}" for _, mode, _ in members]
        key = [tree, *modes, HERE / "pack.py", python.executable]
        made = stage(self._work / target.name / "layer.zip", key, make)
        dist.mkdir(parents=True, exist_ok=True)
        shutil.copy(tree / BILL, dist / f"warmkey-layer-{target.name}.cdx.json")
        return Path(shutil.copy(made, dist / f"warmkey-layer-{target.name}.zip"))

    def python(self, target: Target) -> Python:
        """An ordinary Python of the objects that the daemon's interpreter consists of."""
        here, c_modules = self._sysroot(target), self._c_modules(target)

        def make(into: Path) -> None:
            main = [interpreter.SOURCES / "python.c"]
            interpreter.build(here, main, c_modules, into / "python")

        key = [c_modules, interpreter.SOURCES, *self._key(target)]
        made = stage(self._work / target.name / "python", key, make)
        return Python(made / "python", here.root / "usr")

    def testsuite(self) -> Path:
        """The folder that holds CPython's own `test` package."""
        packages = tuple(i for i in self._lock.inputs if i.package == TESTSUITE)

        def make(into: Path) -> None:
            sysroot.unpack(packages, self._fetched(packages), into)

        made = stage(self._work / "testsuite", [i.sha256 for i in packages], make)
        return made / "usr/lib" / sysroot.PYTHON

    def _tree(self, target: Target) -> Path:
        parts = Parts(self._sysroot(target), self._interpreter(target), self._launcher(target))

        def make(into: Path) -> None:
            lay_out(parts, self._lock, REPOSITORY, into)

        return stage(self._work / target.name / "layer", [*parts.key(REPOSITORY), LOCK], make)

    def _interpreter(self, target: Target) -> Path:
        here, c_modules, frozen = self._sysroot(target), self._c_modules(target), self._frozen()

        def make(into: Path) -> None:
            own = [interpreter.SOURCES / "main.c", frozen / "frozen.c", frozen / "config.c"]
            interpreter.build(here, own, c_modules, into / "warmkey")

        key = [c_modules, frozen, interpreter.SOURCES, *self._key(target)]
        return stage(self._work / target.name / "interpreter", key, make)

    def _frozen(self) -> Path:
        host = targets.host()
        python, stdlib = self.python(host), self._sysroot(host).stdlib

        def make(into: Path) -> None:
            python.run(HERE / "freeze.py", stdlib, self._extension, into)

        key = [HERE / "freeze.py", python.executable, self._extension]
        return stage(self._work / "frozen", key, make)

    def _launcher(self, target: Target) -> Path:
        here = self._sysroot(target)

        def make(into: Path) -> None:
            launcher.build(here, into / "warmkey")

        key = [launcher.SOURCE, HERE / "launcher.py", *self._key(target)]
        return stage(self._work / target.name / "launcher", key, make)

    def _c_modules(self, target: Target) -> Path:
        here = self._sysroot(target)

        def make(into: Path) -> None:
            interpreter.compile_c_modules(here, into)

        return stage(self._work / target.name / "c-modules", self._key(target), make)

    def _key(self, target: Target) -> list[str | Path]:
        """What every compilation depends on."""
        return [*COMPILER, *(i.sha256 for i in (*self._packages(target), *self._lock.sources()))]

    def _sysroot(self, target: Target) -> Sysroot:
        packages = self._packages(target)

        def make(into: Path) -> None:
            sysroot.unpack(packages, self._fetched(packages), into)

        key = [HERE / "sysroot.py", HERE / "deb.py", *(i.sha256 for i in packages)]
        root = stage(self._work / target.name / "sysroot", key, make)
        return Sysroot(target, root, self._source())

    def _source(self) -> Path:
        parts = self._lock.sources()

        def make(into: Path) -> None:
            source.unpack(parts, self._fetched(parts), into)

        key = [HERE / "source.py", HERE / "patch.py", *(i.sha256 for i in parts)]
        return stage(self._work / "source", key, make)

    def _packages(self, target: Target) -> tuple[Input, ...]:
        return tuple(i for i in self._lock.packages(target.debian) if i.package != TESTSUITE)

    def _fetched(self, inputs: tuple[Input, ...]) -> Path:
        into = self._work / "inputs"
        archive.fetch(inputs, into)
        return into

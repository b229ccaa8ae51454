"""The plan: which stage is made from which.

    lock → sysroot ─┬─ objects ───┬─ python ── frozen modules (once, by this machine's python)
      ├──→ source ──┘             └─ interpreter ─┬─ tree → zip
      └──→ emulator ────────────────┘             │
                              launcher, licences ┘

Each stage is a folder below build/layer/, made again when something it is made from has changed.
What is made once comes first, then the architectures side by side.
"""

import os
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from layer.build import targets
from layer.build.contents import bytecode, pack
from layer.build.contents.tree import BILL, CLIENT, Parts, lay_out
from layer.build.executables import closure, freeze, interpreter, launcher, objects, python
from layer.build.executables.objects import Objects
from layer.build.executables.python import Python
from layer.build.inputs.lock import Lock
from layer.build.materials import Materials
from layer.build.progress import Step, silent
from layer.build.side_by_side import side_by_side
from layer.build.snapshot import hot, image, notes, order, seed
from layer.build.stages import Key, Stages, code, one_at_a_time
from layer.build.targets import Target

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
LOCK = HERE / "inputs.lock"
EXTENSION = REPOSITORY / "extension"
UNLOCKED = "unlocked-"
SNAPSHOT = os.environ.get("LAYER_SNAPSHOT", "yes") != "no"
FREEZE, BYTECODE = code(freeze, bytecode)


class Build:
    """One build.

    Args:
        lock: The inputs.
        work: The folder for what is kept between builds.
        step: Tells of the stages that are made.
        snapshot: Whether the daemon's interpreter starts from a snapshot, as it does unless
            `LAYER_SNAPSHOT` is "no".

    Attributes:
        lock: The inputs.
        materials: The inputs, unpacked.
    """

    def __init__(
        self, lock: Lock, work: Path, step: Step = silent, *, snapshot: bool = SNAPSHOT
    ) -> None:
        self.lock = lock
        self._stages = Stages(work, step)
        self.materials = Materials(lock, self._stages)
        self._snapshot = snapshot

    def fetch(self, wanted: Sequence[Target]) -> None:
        """Have everything here that the layers for these architectures are built from.

        Raises:
            ArchiveError: Some of it is not to be had.
        """
        self.materials.fetch(wanted, emulated=self._snapshot)

    def layers(self, wanted: Sequence[Target], dist: Path) -> list[Path]:
        """Put the zips, each with its bill of materials, into the folder `dist`.

        What is not built of what is locked bears a name of its own, by which nobody looks for it.

        One build at a time: another, of sources that have changed since, would make anew the stages
        that this one is just using.

        Returns:
            The zips.

        Raises:
            SeveralFailed: More than one of them could not be built.
        """
        with one_at_a_time(self._stages.folder):
            self._frozen()
            # What is emulated takes longest.
            order = sorted(wanted, key=lambda target: target == targets.host())
            works = [partial(self._layer, target, dist) for target in order]
            made = dict(zip(order, side_by_side(works, self._stages.step), strict=True))
            return [made[target] for target in wanted]

    def python(self, target: Target) -> Python:
        """An ordinary Python of the objects that the daemon's interpreter consists of."""
        here, compiled = self.materials.sysroot(target), self._objects(target)

        def make(into: Path) -> None:
            interpreter.build_python(here, compiled, into / "python")

        key: Key = [*compiled, *code(interpreter), *self.materials.key(target)]
        made = self._stages.have(f"{target.name}/python", key, make)
        return Python(made / "python", here.root / "usr")

    def python_with_tests(self) -> Python:
        """This machine's `python`, with a home that holds CPython's own tests, too."""
        return Python(self.python(targets.host()).executable, self.materials.with_tests())

    def launcher(self, target: Target) -> Path:
        """The folder of the launcher, as `warmkey`."""
        here = self.materials.sysroot(target)

        def make(into: Path) -> None:
            launcher.build(here, into / "warmkey")

        key: Key = [*launcher.SOURCES, *code(launcher), *self.materials.key(target)]
        return self._stages.have(f"{target.name}/launcher", key, make)

    def daemon(self, executable: Path, extension: Path) -> None:
        """Build an interpreter with another package in the daemon's place, for this machine.

        Args:
            executable: Where it goes; what it is made from goes beside it.
            extension: The package.
        """
        target = targets.host()
        here, frozen = self.materials.sysroot(target), executable.with_name("frozen")
        self.python(target).run(FREEZE, here.stdlib, extension, frozen)
        compiled = self._objects(target)
        if self._snapshot:
            interpreter.build_snapshot(here, frozen, compiled, executable, rehearsed=False)
        else:
            interpreter.build_daemon(here, frozen, compiled, executable)

    def _layer(self, target: Target, dist: Path, step: Step) -> Path:
        self._stages.step = step
        tree = self._tree(target)
        name = f"{UNLOCKED if self.lock.unlocked else ''}warmkey-layer-{target.name}"
        _publish(tree / BILL, dist / f"{name}.cdx.json")
        return _publish(self._zip(target, tree), dist / f"{name}.zip")

    def _tree(self, target: Target) -> Path:
        here = self.materials.sysroot(target)
        parts = Parts(here, self._interpreter(target), self.launcher(target))
        host = self.python(targets.host())

        def make(into: Path) -> None:
            lay_out(parts, self.lock, REPOSITORY, into)
            host.run(BYTECODE, into / CLIENT)

        made_by: Key = [BYTECODE, FREEZE, host.executable]
        key: Key = [*parts.key(REPOSITORY), repr(self.lock), *made_by]
        return self._stages.have(f"{target.name}/layer", key, make)

    def _zip(self, target: Target, tree: Path) -> Path:
        files = sorted(file for file in tree.rglob("*") if file.is_file())
        members = [
            pack.Member(str(file.relative_to(tree)), file.stat().st_mode & 0o777, file)
            for file in files
        ]
        modes = [f"{member.mode:o}" for member in members]
        key: Key = [tree, *modes, *code(pack), pack.COMPRESSOR]
        return self._stages.have(
            f"{target.name}/layer.zip", key, lambda out: pack.pack(members, out)
        )

    def _interpreter(self, target: Target) -> Path:
        here, compiled = self.materials.sysroot(target), self._objects(target)
        frozen, foreign = self._frozen(), self._snapshot and target != targets.host()
        emulator = self.materials.emulator(target) if foreign else []

        def make(into: Path) -> None:
            output = into / "warmkey"
            if self._snapshot:
                interpreter.build_snapshot(here, frozen, compiled, output, emulator=emulator)
            else:
                interpreter.build_daemon(here, frozen, compiled, output)

        key: Key = [str(self._snapshot), *compiled, frozen, objects.SOURCES, seed.REHEARSAL]
        made_by = code(interpreter, hot, image, notes, order, seed)
        key = [*key, *made_by, *self.materials.key(target)]
        return self._stages.have(f"{target.name}/interpreter", key, make)

    def _frozen(self) -> Path:
        host = targets.host()
        executable, stdlib = self.python(host), self.materials.sysroot(host).stdlib

        def make(into: Path) -> None:
            executable.run(FREEZE, stdlib, EXTENSION, into)

        key: Key = [*code(closure, freeze, python), freeze.REPLACED, executable.executable]
        return self._stages.have("frozen", [*key, EXTENSION], make)

    def _objects(self, target: Target) -> Objects:
        here, key = self.materials.sysroot(target), self.materials.key(target)

        def make_c_modules(into: Path) -> None:
            objects.compile_c_modules(here, into)

        def make_own(into: Path) -> None:
            objects.compile_own(here, into)

        first = objects.SOURCES / "c_modules.h"
        return Objects(
            self._stages.have(f"{target.name}/c-modules", [first, *key], make_c_modules),
            self._stages.have(f"{target.name}/objects", [objects.SOURCES, *key], make_own),
        )


def _publish(file: Path, to: Path) -> Path:
    """Put a copy there at once, whole."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=to.parent, delete=False) as copy:
        copy.write(file.read_bytes())
    Path(copy.name).chmod(0o644)
    return Path(copy.name).rename(to)

"""The plan: which stage is made from which.

    lock → sysroot ─┬─ C modules ─┬─ python ── frozen modules (once, by this machine's python)
      ├──→ source ──┘             └─ interpreter ─┬─ tree → zip
      └──→ emulator ────────────────┘             │
                              launcher, licences ┘

Each stage is a folder below build/layer/, made again when something it is made from has changed.
"""

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from layer.build import targets
from layer.build.contents import pack
from layer.build.contents.tree import BILL, CLIENT, Parts, lay_out
from layer.build.executables import interpreter, launcher, toolchain
from layer.build.executables.python import Python
from layer.build.inputs import archive, deb, mirrors, source, sysroot
from layer.build.inputs.lock import Input, Lock
from layer.build.inputs.renewal import EMULATOR, NOT_BUILT, STDLIB, TESTSUITE
from layer.build.inputs.sysroot import Sysroot
from layer.build.progress import Advance, Step, silent
from layer.build.snapshot import seed
from layer.build.stages import Key, one_at_a_time, stage
from layer.build.targets import Target

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
LOCK = HERE / "inputs.lock"
EXTENSION = REPOSITORY / "extension"
UNLOCKED = "unlocked-"
SNAPSHOT = os.environ.get("LAYER_SNAPSHOT", "yes") != "no"
WITH_TESTS = {*STDLIB, TESTSUITE}
COMPILER: tuple[str | Path, ...] = (
    *(
        HERE / name
        for name in (
            "executables/declined.py",
            "executables/elf.py",
            "executables/interpreter.py",
            "executables/roots.py",
            "inputs/sysroot.py",
            "targets.py",
            "executables/toolchain.py",
        )
    ),
    toolchain.VERSION,
)


class Build:
    """One build.

    Args:
        lock: The inputs.
        work: The folder for what is kept between builds.
        step: Tells of the stages that are made.
        snapshot: Whether the daemon's interpreter starts from a snapshot, as it does unless
            `LAYER_SNAPSHOT` is "no".
    """

    def __init__(
        self, lock: Lock, work: Path, step: Step = silent, *, snapshot: bool = SNAPSHOT
    ) -> None:
        self.lock = lock
        self._work = work
        self._step = step
        self._snapshot = snapshot

    def fetch(self, wanted: Sequence[Target]) -> None:
        """Have everything here that the layers for these architectures are built from.

        Raises:
            ArchiveError: Some of it is not to be had.
        """
        into, needed = self._work / "inputs", {*self.lock.sources()}
        for target in (*wanted, targets.host()):
            needed |= {*self._packages(target)}
            if self._snapshot and target != targets.host():
                needed.add(self._emulator_package())
        missing = [i for i in sorted(needed) if not archive.is_there(i, into)]
        size = sum(i.size for i in missing)
        if missing:
            with self._step(f"{size / 1e6:.0f} MB of Debian's packages", size) as arrived:
                self._fetched(missing, arrived)

    def layer(self, target: Target, dist: Path) -> Path:
        """Put the zip, and its bill of materials, into the folder `dist`.

        What is not built of what is locked bears a name of its own, by which nobody looks for it.

        One build at a time: another, of sources that have changed since, would make anew the stages
        that this one is just using.
        """
        with one_at_a_time(self._work):
            tree = self._tree(target)
            name = f"{UNLOCKED if self.lock.unlocked else ''}warmkey-layer-{target.name}"
            _publish(tree / BILL, dist / f"{name}.cdx.json")
            return _publish(self._zip(target, tree), dist / f"{name}.zip")

    def python(self, target: Target) -> Python:
        """An ordinary Python of the objects that the daemon's interpreter consists of."""
        here, c_modules = self.sysroot(target), self._c_modules(target)

        def make(into: Path) -> None:
            interpreter.build_python(here, c_modules, into / "python")

        key: Key = [c_modules, interpreter.SOURCES, *self._key(target)]
        made = self._stage(f"{target.name}/python", key, make)
        return Python(made / "python", here.root / "usr")

    def python_with_tests(self) -> Python:
        """This machine's `python`, with a home that holds CPython's own tests, too."""
        target = targets.host()
        packages = tuple(i for i in self.lock.packages(target.debian) if i.package in WITH_TESTS)

        def make(into: Path) -> None:
            sysroot.unpack(packages, self._fetched(packages), into)

        key: Key = [
            HERE / "inputs/sysroot.py",
            HERE / "inputs/deb.py",
            *(i.sha256 for i in packages),
        ]
        home = self._stage(f"{target.name}/with-tests", key, make)
        return Python(self.python(target).executable, home / "usr")

    def launcher(self, target: Target) -> Path:
        """The folder of the launcher, as `warmkey`."""
        here = self.sysroot(target)

        def make(into: Path) -> None:
            launcher.build(here, into / "warmkey")

        key: Key = [*launcher.SOURCES, HERE / "executables/launcher.py", *self._key(target)]
        return self._stage(f"{target.name}/launcher", key, make)

    def sysroot(self, target: Target) -> Sysroot:
        """The unpacked packages of an architecture."""
        packages = self._packages(target)

        def make(into: Path) -> None:
            sysroot.unpack(packages, self._fetched(packages), into)

        key: Key = [
            HERE / "inputs/sysroot.py",
            HERE / "inputs/deb.py",
            *(i.sha256 for i in packages),
        ]
        root = self._stage(f"{target.name}/sysroot", key, make)
        return Sysroot(target, root, self._source())

    def daemon(self, executable: Path, extension: Path) -> None:
        """Build an interpreter with another package in the daemon's place, for this machine.

        Args:
            executable: Where it goes; what it is made from goes beside it.
            extension: The package.
        """
        target = targets.host()
        here, frozen = self.sysroot(target), executable.with_name("frozen")
        self.python(target).run(HERE / "executables/freeze.py", here.stdlib, extension, frozen)
        c_modules = self._c_modules(target)
        if self._snapshot:
            interpreter.build_snapshot(here, frozen, c_modules, executable, rehearsed=False)
        else:
            interpreter.build_daemon(here, frozen, c_modules, executable)

    def _tree(self, target: Target) -> Path:
        parts = Parts(self.sysroot(target), self._interpreter(target), self.launcher(target))
        python, code = self.python(targets.host()), HERE / "contents/bytecode.py"

        def make(into: Path) -> None:
            lay_out(parts, self.lock, REPOSITORY, into)
            python.run(code, into / CLIENT)

        made_by: Key = [code, HERE / "executables/freeze.py", python.executable]
        key: Key = [*parts.key(REPOSITORY), repr(self.lock), *made_by]
        return self._stage(f"{target.name}/layer", key, make)

    def _zip(self, target: Target, tree: Path) -> Path:
        files = sorted(file for file in tree.rglob("*") if file.is_file())
        members = [
            pack.Member(str(file.relative_to(tree)), file.stat().st_mode & 0o777, file)
            for file in files
        ]
        modes = [f"{member.mode:o}" for member in members]
        key: Key = [tree, *modes, HERE / "contents/pack.py", pack.COMPRESSOR]
        return self._stage(f"{target.name}/layer.zip", key, lambda out: pack.pack(members, out))

    def _interpreter(self, target: Target) -> Path:
        here, c_modules, frozen = self.sysroot(target), self._c_modules(target), self._frozen()
        foreign = self._snapshot and target != targets.host()
        emulator = self.emulator(target) if foreign else []

        def make(into: Path) -> None:
            output = into / "warmkey"
            if self._snapshot:
                interpreter.build_snapshot(here, frozen, c_modules, output, emulator=emulator)
            else:
                interpreter.build_daemon(here, frozen, c_modules, output)

        names = ("hot", "image", "notes", "order", "seed")
        code = [HERE / f"snapshot/{name}.py" for name in names]
        key: Key = [str(self._snapshot), c_modules, frozen, interpreter.SOURCES, seed.REHEARSAL]
        key = [*key, *code, *self._key(target)]
        return self._stage(f"{target.name}/interpreter", key, make)

    def emulator(self, target: Target) -> list[str | Path]:
        """The command that runs a program of that architecture, this machine's own included."""
        package = self._emulator_package()

        def make(into: Path) -> None:
            fetched = self._fetched((package,)) / package.file_name
            into.write_bytes(deb.read(fetched, f"usr/bin/{target.emulator}"))
            into.chmod(0o755)

        key: Key = [HERE / "inputs/deb.py", package.sha256, target.emulator]
        return [self._stage(target.emulator, key, make), "-cpu", target.build_processor]

    def _emulator_package(self) -> Input:
        host = targets.host().debian
        return next(i for i in self.lock.packages(host) if i.package == EMULATOR)

    def _frozen(self) -> Path:
        host = targets.host()
        python, stdlib = self.python(host), self.sysroot(host).stdlib

        def make(into: Path) -> None:
            python.run(HERE / "executables/freeze.py", stdlib, EXTENSION, into)

        key: Key = [
            HERE / "executables/closure.py",
            HERE / "executables/freeze.py",
            HERE / "executables/python.py",
            interpreter.SOURCES,
            python.executable,
            EXTENSION,
        ]
        return self._stage("frozen", key, make)

    def _c_modules(self, target: Target) -> Path:
        here = self.sysroot(target)

        def make(into: Path) -> None:
            interpreter.compile_c_modules(here, into)

        key: Key = [interpreter.SOURCES / "c_modules.h", *self._key(target)]
        return self._stage(f"{target.name}/c-modules", key, make)

    def _key(self, target: Target) -> Key:
        """What every compilation depends on."""
        return [*COMPILER, *(i.sha256 for i in (*self._packages(target), *self.lock.sources()))]

    def _source(self) -> Path:
        parts = self.lock.sources()

        def make(into: Path) -> None:
            source.unpack(parts, self._fetched(parts), into)

        key: Key = [HERE / "inputs/source.py", HERE / "inputs/patch.py", *(i.sha256 for i in parts)]
        return self._stage("source", key, make)

    def _packages(self, target: Target) -> tuple[Input, ...]:
        return tuple(i for i in self.lock.packages(target.debian) if i.package not in NOT_BUILT)

    def _fetched(self, inputs: Iterable[Input], arrived: Advance = lambda _: None) -> Path:
        into = self._work / "inputs"
        with one_at_a_time(into):  # some belong to both architectures
            archive.fetch(inputs, into, mirrors.both(self.lock.made), arrived)
        return into

    def _stage(self, name: str, key: Key, make: Callable[[Path], None]) -> Path:
        """A stage that is told of while it is made."""

        def told(into: Path) -> None:
            with self._step(name):
                make(into)

        return stage(self._work / name, key, told)


def _publish(file: Path, to: Path) -> Path:
    """Put a copy there at once, whole."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=to.parent, delete=False) as copy:
        copy.write(file.read_bytes())
    Path(copy.name).chmod(0o644)
    return Path(copy.name).rename(to)

"""What a build has to work on: the locked files, fetched and unpacked."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from layer.build import targets
from layer.build.executables import declined, elf, objects, roots, toolchain
from layer.build.inputs import archive, deb, mirrors, patch, source, sysroot
from layer.build.inputs.lock import Input, Lock
from layer.build.inputs.renewal import EMULATOR, NOT_BUILT, STDLIB, TESTSUITE
from layer.build.inputs.sysroot import Sysroot
from layer.build.progress import Advance
from layer.build.stages import Key, Stages, code, one_at_a_time
from layer.build.targets import Target

WITH_TESTS = {*STDLIB, TESTSUITE}
COMPILER: Key = [
    *code(declined, elf, objects, roots, sysroot, targets, toolchain),
    toolchain.VERSION,
]


class Materials:
    """The inputs of the lock.

    Args:
        lock: Names them.
        stages: Where they are kept.
    """

    def __init__(self, lock: Lock, stages: Stages) -> None:
        self._lock = lock
        self._stages = stages

    def fetch(self, wanted: Sequence[Target], *, emulated: bool) -> None:
        """Have everything here that the layers for these architectures are built from.

        Args:
            wanted: The architectures.
            emulated: Whether what is for another one than this machine's runs while it is built.

        Raises:
            ArchiveError: Some of it is not to be had.
        """
        into, needed = self._stages.folder / "inputs", {*self._lock.sources()}
        for target in (*wanted, targets.host()):
            needed |= {*self._packages(target)}
            if emulated and target != targets.host():
                needed.add(self._emulator_package())
        missing = [i for i in sorted(needed) if not archive.is_there(i, into)]
        size = sum(i.size for i in missing)
        if missing:
            with self._stages.step(f"{size / 1e6:.0f} MB of Debian's packages", size) as arrived:
                self._fetched(missing, arrived)

    def sysroot(self, target: Target) -> Sysroot:
        """The unpacked packages of an architecture."""
        root = self._unpacked(f"{target.name}/sysroot", self._packages(target))
        return Sysroot(target, root, self._source())

    def with_tests(self) -> Path:
        """A home for this machine's `python` that holds CPython's own tests, too."""
        target = targets.host()
        packages = tuple(i for i in self._lock.packages(target.debian) if i.package in WITH_TESTS)
        return self._unpacked(f"{target.name}/with-tests", packages) / "usr"

    def emulator(self, target: Target) -> list[str | Path]:
        """The command that runs a program of that architecture, this machine's own included."""
        package = self._emulator_package()

        def make(into: Path) -> None:
            fetched = self._fetched((package,)) / package.file_name
            into.write_bytes(deb.read(fetched, f"usr/bin/{target.emulator}"))
            into.chmod(0o755)

        key: Key = [*code(deb), package.sha256, target.emulator]
        executable = self._stages.have(target.emulator, key, make)
        return [executable, "-cpu", target.build_processor]

    def key(self, target: Target) -> Key:
        """What every compilation depends on."""
        return [*COMPILER, *(i.sha256 for i in (*self._packages(target), *self._lock.sources()))]

    def _source(self) -> Path:
        parts = self._lock.sources()

        def make(into: Path) -> None:
            source.unpack(parts, self._fetched(parts), into)

        key: Key = [*code(source, patch), *(i.sha256 for i in parts)]
        return self._stages.have("source", key, make)

    def _unpacked(self, name: str, packages: Sequence[Input]) -> Path:
        def make(into: Path) -> None:
            sysroot.unpack(packages, self._fetched(packages), into)

        key: Key = [*code(sysroot, deb), *(i.sha256 for i in packages)]
        return self._stages.have(name, key, make)

    def _emulator_package(self) -> Input:
        host = targets.host().debian
        return next(i for i in self._lock.packages(host) if i.package == EMULATOR)

    def _packages(self, target: Target) -> tuple[Input, ...]:
        return tuple(i for i in self._lock.packages(target.debian) if i.package not in NOT_BUILT)

    def _fetched(self, inputs: Iterable[Input], arrived: Advance = lambda _: None) -> Path:
        into = self._stages.folder / "inputs"
        with one_at_a_time(into):  # some belong to both architectures
            archive.fetch(inputs, into, mirrors.both(self._lock.made), arrived)
        return into

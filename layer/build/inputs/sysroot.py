"""The unpacked packages of one architecture: headers, libraries, the standard library."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from layer.build.inputs import deb
from layer.build.inputs.lock import Input
from layer.build.targets import Target

PYTHON = "python3.13"
OWNERS = "owners.txt"


@dataclass(frozen=True, slots=True)
class Sysroot:
    """Where things are in the unpacked packages.

    Attributes:
        target: Whose packages these are.
        root: The folder that stands for `/`.
        source: CPython's own C modules, patched.
    """

    target: Target
    root: Path
    source: Path

    @property
    def stdlib(self) -> Path:
        """The folder of Python's standard library."""
        return self.root / "usr/lib" / PYTHON

    @property
    def libraries(self) -> Path:
        """The folder of glibc, OpenSSL and `libpython3.13.a`."""
        return self.root / "usr/lib" / self.target.triple

    @property
    def musl(self) -> Path:
        """The folder of musl."""
        return self.root / "usr/lib" / self.target.musl_triple

    @property
    def gcc(self) -> Path:
        """The folder of libgcc."""
        return next((self.root / "usr/lib/gcc" / self.target.triple).iterdir())

    @property
    def musl_headers(self) -> tuple[Path, ...]:
        """What C files are compiled with against musl."""
        return (self.root / "usr/include" / self.target.musl_triple,)

    @property
    def python_headers(self) -> tuple[Path, ...]:
        """What CPython's own C files, and those that look inside it, are compiled with."""
        include, modules = self.root / "usr/include", self.source / "Modules"
        own, python = include / self.target.triple, include / PYTHON
        internal = (python / "internal", python / "internal/mimalloc")
        return (python, own / PYTHON, *internal, modules, modules / "_hacl/include", own, include)

    def packages_of(self, linked: Iterable[str]) -> set[str]:
        """The packages that hold these files.

        Args:
            linked: Paths as the linker prints them, an archive's member in brackets.
        """
        owners = dict(_owners(self.root))
        paths = (Path(name.partition("(")[0]) for name in linked)
        inside = (path.relative_to(self.root) for path in paths if path.is_relative_to(self.root))
        return {owners[str(path)] for path in inside}


def unpack(packages: Iterable[Input], downloads: Path, root: Path) -> None:
    """Unpack packages below `root`, and note which file is whose."""
    owners = []
    for package in packages:
        names = deb.unpack(downloads / package.file_name, root)
        owners += [f"{package.package} {name}\n" for name in names]
    (root / OWNERS).write_text("".join(owners), encoding="utf-8")
    # Shared objects: a static interpreter must not find them.
    shutil.rmtree(root / "usr/lib" / PYTHON / "lib-dynload", ignore_errors=True)


def _owners(root: Path) -> Iterator[tuple[str, str]]:
    for line in (root / OWNERS).read_text(encoding="utf-8").splitlines():
        package, _, name = line.partition(" ")
        yield name, package

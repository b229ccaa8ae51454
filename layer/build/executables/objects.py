"""What is compiled of C for the interpreters, apart from the frozen modules."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from layer.build.executables import declined, roots
from layer.build.executables.toolchain import compile_c
from layer.build.inputs.sysroot import Sysroot

SOURCES = Path(__file__).parents[2] / "interpreter"
# What `libpython3.13.a` does not hold: in Debian these are shared objects of their own.
C_MODULES = (
    "_contextvarsmodule.c",
    "_hashopenssl.c",
    "_queuemodule.c",
    "_ssl.c",
)
HACL_MODULES = ("_hacl/Hacl_Hash_SHA2.c",)
# What the daemon leaves out of OpenSSL.
DECLINED = SOURCES / "declined.txt"
ROOTS = """\
.section .rodata.mozilla_roots, "a"
.balign 4096
.globl mozilla_roots
mozilla_roots: .incbin "roots"
"""
SHARED = ("declined", "roots", "stand_ins", "trust")
FLAGS = (
    "-O2",
    "-fno-pie",
    "-fstack-protector-strong",
    "-ffunction-sections",
    "-fdata-sections",
    "-fwrapv",
    "-DNDEBUG",
    "-DPy_BUILD_CORE",
    "-w",
)


class Objects(NamedTuple):
    """The objects, in two folders as they change for different reasons.

    Attributes:
        c_modules: The folder that `compile_c_modules` has filled.
        own: The folder that `compile_own` has filled.
    """

    c_modules: Path
    own: Path

    def of(self, *names: str) -> list[Path]:
        """Those of an interpreter: what all have in common, and its own of these names."""
        return [*self.c_modules.glob("*.o"), *(self.own / f"{name}.o" for name in SHARED + names)]


def compile_c_modules(sysroot: Sysroot, into: Path) -> None:
    """Compile CPython's C modules that Debian's static library does not hold."""
    names = sysroot.source / "Modules/_hacl/python_hacl_namespaces.h"
    for first, modules in ((SOURCES / "c_modules.h", C_MODULES), (names, HACL_MODULES)):
        sources = [sysroot.source / "Modules" / name for name in modules]
        compile_all(sysroot, sources, into, "-include", str(first))


def compile_own(sysroot: Sysroot, into: Path) -> None:
    """Compile the C files of layer/interpreter, and what stands in for parts of OpenSSL."""
    into.mkdir(parents=True, exist_ok=True)
    stand_ins, unwanted = into / "stand_ins.s", declined.read(DECLINED.read_text("utf-8"))
    libraries = [sysroot.libraries / name for name in declined.LIBRARIES]
    stand_ins.write_text(declined.stand_ins(libraries, unwanted), "utf-8")
    table = into / "roots.s"
    table.write_text(ROOTS, "utf-8")
    table.with_name("roots").write_bytes(roots.table(roots.mozilla(sysroot.root)))
    compile_all(sysroot, [*sorted(SOURCES.glob("*.c")), stand_ins, table], into)


def compile_all(sysroot: Sysroot, sources: Iterable[Path], into: Path, *flags: str) -> None:
    """Compile C files that include Python.h, each to an object of its name in the folder `into`."""

    def compile_one(source: Path) -> None:
        compile_c(
            source,
            into / f"{source.stem}.o",
            triple=sysroot.target.triple,
            flags=(*FLAGS, sysroot.target.machine, *flags),
            headers=(SOURCES, *sysroot.python_headers),
        )

    into.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(compile_one, sources))

"""The interpreters: the daemon's, and an ordinary `python` of the same objects."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from layer.build.sysroot import PYTHON, Sysroot
from layer.build.toolchain import LINK_FLAGS, compile_c, link

SOURCES = Path(__file__).parent.parent / "interpreter"
# What `libpython3.13.a` does not hold: in Debian these are shared objects of their own.
C_MODULES = (
    "_contextvarsmodule.c",
    "_hacl/Hacl_Hash_SHA2.c",
    "_hashopenssl.c",
    "_queuemodule.c",
    "_ssl.c",
)
COMPILE_FLAGS = (
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


def build_daemon(sysroot: Sysroot, frozen: Path, c_modules: Path, output: Path) -> None:
    """Build the daemon's interpreter.

    Args:
        sysroot: The unpacked packages.
        frozen: The folder of the frozen modules' tables.
        c_modules: The folder that `compile_c_modules` has filled.
        output: Where the executable goes; beside it, `linked.txt` names the files that it is of.
    """
    own = [SOURCES / "main.c", frozen / "frozen.c", frozen / "config.c"]
    script = SOURCES / "no_unwinding.ld"
    _build(sysroot, own, c_modules, output, [f"--script={script}"], [], [])


def build_python(sysroot: Sysroot, c_modules: Path, output: Path) -> None:
    """Build an ordinary `python` of the same objects; its threads may end by unwinding."""
    start, end = [sysroot.gcc / "crtbeginT.o"], [sysroot.gcc / "crtend.o"]
    _build(sysroot, [SOURCES / "python.c"], c_modules, output, [], start, end)


def compile_c_modules(sysroot: Sysroot, into: Path) -> None:
    """Compile CPython's C modules that Debian's static library does not hold."""
    compile_all(sysroot, [sysroot.source / "Modules" / name for name in C_MODULES], into)


def compile_all(sysroot: Sysroot, sources: Iterable[Path], into: Path) -> None:
    """Compile C files that include Python.h, each to an object of its name in the folder `into`."""
    names = sysroot.source / "Modules/_hacl/python_hacl_namespaces.h"

    def compile_one(source: Path) -> None:
        first = names if "Hacl" in source.name else SOURCES / "no_bluetooth.h"
        compile_c(
            source,
            into / f"{source.stem}.o",
            triple=sysroot.target.triple,
            flags=(*COMPILE_FLAGS, sysroot.target.machine, "-include", str(first)),
            headers=(SOURCES, *sysroot.python_headers),
        )

    into.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(compile_one, sources))


def _build(
    sysroot: Sysroot,
    own: Iterable[Path],
    c_modules: Path,
    output: Path,
    flags: Iterable[str],
    start: Iterable[Path],
    end: Iterable[Path],
) -> None:
    compile_all(sysroot, own, output.parent / "objects")
    objects = [*c_modules.glob("*.o"), *(output.parent / "objects").glob("*.o")]
    at, gcc = sysroot.libraries, sysroot.gcc
    cpython = [at / f"lib{PYTHON}.a", at / "libexpat.a"]
    openssl = [at / "libssl.a", at / "libcrypto.a", at / "libz.a", at / "libzstd.a"]
    # libm.a is a linker script where there is a vector library; the paths in it are absolute.
    glibc: list[str | Path] = [
        at / "libm.a",
        "--start-group",
        gcc / "libgcc.a",
        gcc / "libgcc_eh.a",
        at / "libc.a",
    ]
    parts: list[str | Path] = [
        at / "crt1.o",
        at / "crti.o",
        *start,
        *sorted(objects),
        *cpython,
        *openssl,
        *glibc,
    ]
    common = ["-m", sysroot.target.emulation, f"--sysroot={sysroot.root}", *LINK_FLAGS, *flags]
    linked = link([*common, *parts, "--end-group", *end, at / "crtn.o"], output)
    output.with_name("linked.txt").write_text("\n".join(linked), encoding="utf-8")

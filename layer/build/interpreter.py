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


def build(sysroot: Sysroot, own: Iterable[Path], c_modules: Path, output: Path) -> None:
    """Build an interpreter; beside it `linked.txt` names the files that the linker took.

    Args:
        sysroot: The unpacked packages.
        own: C files, one of which has `main`.
        c_modules: The folder that `compile_c_modules` has filled.
        output: Where the executable goes.
    """
    compile_all(sysroot, own, output.parent / "objects")
    objects = [*c_modules.glob("*.o"), *(output.parent / "objects").glob("*.o")]
    linked = link_with_cpython(sysroot, objects, output)
    output.with_name("linked.txt").write_text("\n".join(linked), encoding="utf-8")


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


def link_with_cpython(sysroot: Sysroot, objects: Iterable[Path], output: Path) -> list[str]:
    """Link these objects with CPython, OpenSSL and glibc to a static executable.

    Returns:
        The files that were taken, as the linker prints them.
    """
    at, gcc = sysroot.libraries, sysroot.gcc
    cpython = [at / f"lib{PYTHON}.a", at / "libexpat.a"]
    openssl = [at / "libssl.a", at / "libcrypto.a", at / "libz.a", at / "libzstd.a"]
    glibc = ["--start-group", gcc / "libgcc.a", gcc / "libgcc_eh.a", at / "libc.a", "--end-group"]
    start = [at / "crt1.o", at / "crti.o", gcc / "crtbeginT.o"]
    end = [gcc / "crtend.o", at / "crtn.o"]
    # libm.a is a linker script where there is a vector library; the paths in it are absolute.
    flags = ["-m", sysroot.target.emulation, f"--sysroot={sysroot.root}", *LINK_FLAGS]
    parts = [*start, *sorted(objects), *cpython, *openssl, at / "libm.a", *glibc, *end]
    return link([*flags, *parts], output)

"""The interpreters: the daemon's, and an ordinary `python` of the same objects."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from layer.build.executables import declined, roots
from layer.build.executables.elf import Elf
from layer.build.executables.toolchain import LINK_FLAGS, compile_c, link
from layer.build.inputs.sysroot import PYTHON, Sysroot
from layer.build.snapshot import hot, notes, order, seed
from layer.build.snapshot.image import image

SOURCES = Path(__file__).parents[2] / "interpreter"
# What `libpython3.13.a` does not hold: in Debian these are shared objects of their own.
C_MODULES = (
    "_contextvarsmodule.c",
    "_hashopenssl.c",
    "_queuemodule.c",
    "_ssl.c",
)
HACL_MODULES = ("_hacl/Hacl_Hash_SHA2.c",)
LIBRARIES = (PYTHON, "expat", "ssl", "crypto", "z", "m", "c")
# What the daemon leaves out of OpenSSL.
DECLINED = SOURCES / "declined.txt"
# The functions of others that the seed has its own of: `__wrap_NAME` in layer/interpreter.
WRAPPED = (
    *("malloc", "calloc", "realloc", "free"),
    *("memalign", "aligned_alloc", "posix_memalign", "malloc_usable_size"),
    *("pthread_create", "pthread_key_create", "pthread_key_delete", "pthread_self"),
    *("syscall", "getrandom", "clock_gettime", "gettimeofday", "time"),
    "clock_nanosleep",
    *("getpid", "getppid", "uname", "gethostname", "getcwd"),
    *("connect", "epoll_wait", "getaddrinfo", "poll", "getpeername", "getsockname"),
    *("read", "recv", "send", "sendmsg", "setsockopt", "write", "writev"),
    *("access", "fopen64", "lstat64", "open64", "readlink", "stat64"),
    *("RAND_bytes", "RAND_priv_bytes", "RAND_bytes_ex", "RAND_priv_bytes_ex", "SSL_CTX_new"),
)
# The function of OpenSSL that every interpreter has its own of (layer/interpreter/trust.c).
DEFAULT_TRUST = "--wrap=X509_STORE_set_default_paths_ex"
ROOTS = """\
.section .rodata.mozilla_roots, "a"
.balign 4096
.globl mozilla_roots
mozilla_roots: .incbin "roots"
"""
SEED_FLAGS = (
    f"--script={SOURCES / 'sections.ld'}",
    *(f"--wrap={name}" for name in WRAPPED),
    "--entry=note_and_start",
)
# Without -O0 equal strings would be one, and nobody would know whose.
SPREAD_FLAGS = (f"--script={SOURCES / 'spread.ld'}", "-O0")
NO_UNWINDING = f"--script={SOURCES / 'no_unwinding.ld'}"
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
    """Build the daemon's interpreter that starts from nothing: the way out of snapshots.

    Beside it `linked.txt` names the files that it is of.

    Args:
        sysroot: The unpacked packages.
        frozen: The folder of the frozen modules' tables.
        c_modules: The folder that `compile_c_modules` has filled.
        output: Where the executable goes.
    """
    own = [SOURCES / "main.c", frozen / "frozen.c", frozen / "config.c"]
    objects = _compile(sysroot, own, c_modules, output)
    _link(sysroot, objects, output, [NO_UNWINDING, "--strip-all"])


def build_snapshot(
    sysroot: Sysroot,
    frozen: Path,
    c_modules: Path,
    output: Path,
    *,
    emulator: Sequence[str | Path] = (),
    rehearsed: bool = True,
) -> None:
    """Build the daemon's interpreter that starts from a snapshot.

    Args:
        sysroot: The unpacked packages.
        frozen: The folder of the frozen modules' tables.
        c_modules: The folder that `compile_c_modules` has filled.
        output: Where the executable goes; `linked.txt`, and the seeds with what they were made
            of, go beside it.
        emulator: What runs the seeds, where this machine can't.
        rehearsed: Whether they rehearse and play starts, for which everything is put in order.
    """
    own = [SOURCES / "seed.c", SOURCES / "noting.c", frozen / "frozen.c", frozen / "config.c"]
    objects, flags = _compile(sysroot, own, c_modules, output), [NO_UNWINDING, *SEED_FLAGS]
    at, spread = output.with_name("seed"), output.with_name("spread")
    wanted, link_map, script = (output.with_name(name) for name in ("notes", "map", "order.ld"))
    if rehearsed:
        _link(sysroot, objects, spread, [*flags, *SPREAD_FLAGS, f"-Map={link_map}"])
        noted = seed.note(spread, emulator=emulator)
        touched = hot.touched_pages(Elf(spread.read_bytes()), noted.pages)
        wanted.write_bytes(notes.notes(noted.blocks))
        script.write_text(order.script(order.inputs(link_map.read_text("utf-8")), touched), "utf-8")
        flags.append(f"--script={script}")
    _link(sysroot, objects, at, flags)
    snapshot = seed.take(at, wanted if rehearsed else None, emulator=emulator)
    output.write_bytes(image(Elf(at.read_bytes()), snapshot.memory, snapshot.pages))
    output.chmod(0o755)


def build_python(sysroot: Sysroot, c_modules: Path, output: Path) -> None:
    """Build an ordinary `python` of the same objects; its threads may end by unwinding."""
    objects = _compile(sysroot, [SOURCES / "python.c"], c_modules, output)
    _link(sysroot, objects, output, ["--strip-all"], unwinding=True)


def compile_c_modules(sysroot: Sysroot, into: Path) -> None:
    """Compile CPython's C modules that Debian's static library does not hold."""
    names = sysroot.source / "Modules/_hacl/python_hacl_namespaces.h"
    for first, modules in ((SOURCES / "c_modules.h", C_MODULES), (names, HACL_MODULES)):
        sources = [sysroot.source / "Modules" / name for name in modules]
        compile_all(sysroot, sources, into, "-include", str(first))


def compile_all(sysroot: Sysroot, sources: Iterable[Path], into: Path, *flags: str) -> None:
    """Compile C files that include Python.h, each to an object of its name in the folder `into`."""

    def compile_one(source: Path) -> None:
        compile_c(
            source,
            into / f"{source.stem}.o",
            triple=sysroot.target.triple,
            flags=(*COMPILE_FLAGS, sysroot.target.machine, *flags),
            headers=(SOURCES, *sysroot.python_headers),
        )

    into.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(compile_one, sources))


def _compile(sysroot: Sysroot, own: Iterable[Path], c_modules: Path, output: Path) -> list[Path]:
    """The objects of an executable, in the folder `objects` beside it."""
    into, at = output.parent / "objects", sysroot.libraries
    into.mkdir(parents=True, exist_ok=True)
    stand_ins, unwanted = into / "stand_ins.s", declined.read(DECLINED.read_text("utf-8"))
    libraries = [at / name for name in declined.LIBRARIES]
    stand_ins.write_text(declined.stand_ins(libraries, unwanted), "utf-8")
    table = into / "roots.s"
    table.write_text(ROOTS, "utf-8")
    table.with_name("roots").write_bytes(roots.table(roots.mozilla(sysroot.root)))
    ours = [*own, SOURCES / "declined.c", SOURCES / "trust.c", stand_ins, table]
    compile_all(sysroot, ours, into)
    return sorted([*c_modules.glob("*.o"), *into.glob("*.o")])


def _link(
    sysroot: Sysroot,
    objects: Iterable[Path],
    output: Path,
    flags: Iterable[str],
    *,
    unwinding: bool = False,
) -> None:
    at, gcc = sysroot.libraries, sysroot.gcc
    start, end = [at / "crt1.o", at / "crti.o"], [at / "crtn.o"]
    if unwinding:
        start, end = [*start, gcc / "crtbeginT.o"], [gcc / "crtend.o", *end]
    libraries = [at / f"lib{name}.a" for name in LIBRARIES]
    # libm.a is a linker script where there is a vector library; the paths in it are absolute.
    emulation = ["-m", sysroot.target.emulation, f"--sysroot={sysroot.root}"]
    support = [gcc / "libgcc.a", gcc / "libgcc_eh.a"]
    parts = [*start, *objects, *libraries, *support, *end]
    linked = link([*emulation, *LINK_FLAGS, DEFAULT_TRUST, *flags, *parts], output)
    output.with_name("linked.txt").write_text("\n".join(linked), encoding="utf-8")

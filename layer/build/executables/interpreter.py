"""The interpreters: the daemon's, and an ordinary `python` of the same objects."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from layer.build.executables.elf import Elf
from layer.build.executables.objects import SOURCES, Objects, compile_all
from layer.build.executables.toolchain import LINK_FLAGS, link
from layer.build.inputs.sysroot import PYTHON, Sysroot
from layer.build.snapshot import hot, notes, order, seed
from layer.build.snapshot.image import image

LIBRARIES = (PYTHON, "expat", "ssl", "crypto", "z", "m", "c")
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
SEED_FLAGS = (
    f"--script={SOURCES / 'sections.ld'}",
    *(f"--wrap={name}" for name in WRAPPED),
    "--entry=note_and_start",
)
# Without -O0 equal strings would be one, and nobody would know whose.
SPREAD_FLAGS = (f"--script={SOURCES / 'spread.ld'}", "-O0")
NO_UNWINDING = f"--script={SOURCES / 'no_unwinding.ld'}"
# The objects that are one interpreter's own.
DAEMON, SEED, ORDINARY = ("main",), ("guard", "noting", "seed"), ("python",)


def build_daemon(sysroot: Sysroot, frozen: Path, objects: Objects, output: Path) -> None:
    """Build the daemon's interpreter that starts from nothing: the way out of snapshots.

    Beside it `linked.txt` names the files that it is of.

    Args:
        sysroot: The unpacked packages.
        frozen: The folder of the frozen modules' tables.
        objects: What is compiled of C.
        output: Where the executable goes.
    """
    parts = [*objects.of(*DAEMON), *_compile(sysroot, frozen, output)]
    _link(sysroot, parts, output, [NO_UNWINDING, "--strip-all"])


def build_snapshot(
    sysroot: Sysroot,
    frozen: Path,
    objects: Objects,
    output: Path,
    *,
    emulator: Sequence[str | Path] = (),
    rehearsed: bool = True,
) -> None:
    """Build the daemon's interpreter that starts from a snapshot.

    Args:
        sysroot: The unpacked packages.
        frozen: The folder of the frozen modules' tables.
        objects: What is compiled of C.
        output: Where the executable goes; `linked.txt`, and the seeds with what they were made
            of, go beside it.
        emulator: What runs the seeds, where this machine can't.
        rehearsed: Whether they rehearse and play starts, for which everything is put in order.
    """
    parts = [*objects.of(*SEED), *_compile(sysroot, frozen, output)]
    flags = [NO_UNWINDING, *SEED_FLAGS]
    at, spread = output.with_name("seed"), output.with_name("spread")
    wanted, link_map, script = (output.with_name(name) for name in ("notes", "map", "order.ld"))
    if rehearsed:
        _link(sysroot, parts, spread, [*flags, *SPREAD_FLAGS, f"-Map={link_map}"])
        noted = seed.note(spread, emulator=emulator)
        touched = hot.touched_pages(Elf(spread.read_bytes()), noted.pages)
        wanted.write_bytes(notes.notes(noted.blocks))
        script.write_text(order.script(order.inputs(link_map.read_text("utf-8")), touched), "utf-8")
        flags.append(f"--script={script}")
    _link(sysroot, parts, at, flags)
    snapshot = seed.take(at, wanted if rehearsed else None, emulator=emulator)
    output.write_bytes(image(Elf(at.read_bytes()), snapshot.memory, snapshot.pages))
    output.chmod(0o755)


def build_python(sysroot: Sysroot, objects: Objects, output: Path) -> None:
    """Build an ordinary `python` of the same objects; its threads may end by unwinding."""
    _link(sysroot, objects.of(*ORDINARY), output, ["--strip-all"], unwinding=True)


def _compile(sysroot: Sysroot, frozen: Path, output: Path) -> list[Path]:
    """The objects of the frozen modules' tables, in the folder `objects` beside an executable."""
    into = output.parent / "objects"
    compile_all(sysroot, sorted(frozen.glob("*.c")), into)
    return sorted(into.glob("*.o"))


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
    parts = [*start, *sorted(objects, key=lambda each: each.name), *libraries, *support, *end]
    linked = link([*emulation, *LINK_FLAGS, DEFAULT_TRUST, *flags, *parts], output)
    output.with_name("linked.txt").write_text("\n".join(linked), encoding="utf-8")

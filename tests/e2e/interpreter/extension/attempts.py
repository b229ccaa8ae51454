"""What code may do on the layer's interpreter."""

import _hashlib
import _signal  # type: ignore[import-not-found]
import _socket
import _thread
import codecs
import collections
import encodings.idna  # noqa: F401 - host names
import gc
import importlib
import json
import os
import posix
import re
import ssl
import sys
import threading
import time
import traceback
import warnings
from pathlib import Path
from typing import Any


def decode_bad_utf_8() -> Any:
    """A handler of errors is looked up."""
    return b"\xff".decode()


def decode_with_replacement() -> Any:
    """Another one."""
    return b"a\xff".decode("utf-8", "backslashreplace")


def decode_with_surrogates() -> Any:
    """As the environment is read."""
    return b"\xff".decode("utf-8", "surrogateescape")


def decode_ascii() -> Any:
    """A codec in C, and a failure."""
    return b"\xff".decode("ascii")


def encode_latin_1() -> Any:
    """Likewise, the other way."""
    return "€".encode("latin-1")


def encode_surrogate() -> Any:
    """What UTF-8 does not hold."""
    return "\udcff".encode()


def unknown_handler() -> Any:
    """There is none of that name."""
    return b"\xff".decode("utf-8", "nonsense")


def codec_in_python() -> Any:
    """The one of host names, which knows ASCII alone here."""
    return "a.example".encode("idna")


def host_name_in_unicode() -> Any:
    """None of AWS's."""
    return "ü.example".encode("idna")


def absent_codec() -> Any:
    """It is looked for among modules."""
    return b"a".decode("cp037")


def import_codecs() -> Any:
    """It looks every handler up."""
    return codecs.strict_errors is not None


def regular_expression() -> Any:
    """A module that compiles something of its own."""
    return re.sub("a+", "b", "caat")


def import_nothing() -> Any:
    """A module that is not there."""
    return __import__("absent")


def bad_json() -> Any:
    """`_json` imports its exception."""
    return json.loads("{,}")


def formatted_traceback() -> Any:
    """As when a fault is logged."""
    try:
        raise ValueError("x")
    except ValueError as error:
        return traceback.format_exception(error)[-1]


def warning() -> Any:
    """Goes to standard error."""
    warnings.warn("x", stacklevel=1)
    return "warned"


def unraisable() -> Any:
    """An exception where none can be raised."""

    class Bad:
        def __del__(self) -> None:
            raise ValueError("x")

    Bad()
    return "went on"


def thread() -> Any:
    """With an uncaught exception."""

    def run() -> None:
        b"\xff".decode()

    _thread.start_joinable_thread(run).join()  # type: ignore[attr-defined]  # new in 3.13
    return "joined"


def recursion() -> Any:
    """Too deep."""
    return recursion()


def interrupt() -> Any:
    """A signal for which Python has no handler yet."""
    _signal.signal(_signal.SIGTERM, lambda *_: None)
    posix.kill(posix.getpid(), _signal.SIGTERM)
    return "handled"


def resolve() -> Any:
    """A host name as text, which `socket` would encode with `idna`."""
    return _socket.getaddrinfo("localhost", 1, _socket.AF_INET)[0][4]


def broken_pipe() -> Any:
    """A peer that is gone raises no signal."""
    reader, writer = posix.pipe()
    posix.close(reader)
    return posix.write(writer, b"x")


def opened() -> Any:
    """A file, as text."""
    with open("/dev/null", encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


def streams() -> Any:
    """The standard ones, as any Python has them."""
    return [(s.name, s.mode, s.encoding, s.errors) for s in (sys.stdin, sys.stdout, sys.stderr)]


def standard_input() -> Any:
    """Read as text."""
    return sys.stdin.readline()


def environment() -> Any:
    """That of the process, in `os` and in `posix`, and nothing else."""
    return dict(os.environ), posix.environ, os.getenv("A")


def own_path() -> Any:
    """Where the executable is."""
    return [sys.executable == sys.prefix == sys.argv[0], sys.orig_argv == [*sys.argv]]


def clock() -> Any:
    """It goes, and it is not the build's."""
    return time.gmtime().tm_year >= 2026, time.time() != 1893456000, time.monotonic() > 0


def identity() -> Any:
    """Of the process and its main thread."""
    main = threading.main_thread()
    own = threading.get_ident(), threading.get_native_id()
    return os.getpid() == own[1], (main.ident, main.native_id) == own, main.is_alive()


def threads() -> Any:
    """With what they leave behind in objects of their own."""
    local, seen = threading.local(), []

    def run(number: int) -> None:
        local.number = number
        seen.append(local.number)

    running = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    return sorted(seen), hasattr(local, "number")


def child() -> Any:
    """A fork, of which the child has a main thread of its own."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        main = threading.main_thread()
        os.write(writer, repr((main is threading.current_thread(), main.ident)).encode())
        os._exit(0)
    os.wait()
    return os.read(reader, 100).decode() == repr((True, threading.get_ident()))


def randomness() -> Any:
    """Of the system and of OpenSSL, in which no two starts may be alike."""
    return os.urandom(16).hex(), ssl.RAND_bytes(16).hex()


def addresses() -> Any:
    """Where the kernel and glibc have put what no snapshot holds, and what guards the stack."""
    at = {}
    process = Path("/proc/self")
    for line in process.joinpath("maps").read_text("utf-8").splitlines():
        at[line.split()[-1]] = line.partition("-")[0]
    numbers = memoryview(process.joinpath("auxv").read_bytes()).cast("L").tolist()
    given = dict(zip(numbers[::2], numbers[1::2], strict=True))[25]  # AT_RANDOM of getauxval(3)
    with process.joinpath("mem").open("rb", buffering=0) as memory:
        memory.seek(given)
        random = memory.read(16)
        memory.seek(int(at["[heap]"], 16))
        block = memory.read(1 << 16)  # with what belongs to the main thread
    seen = []
    thread = threading.Thread(target=lambda: seen.append(threading.get_ident()))
    thread.start()
    thread.join()
    canary, guard = b"\0" + random[1:8], random[8:]
    return {
        "stack": at["[stack]"],
        "vdso": at["[vdso]"],
        "heap": at["[heap]"],
        "large block": id(bytearray(1 << 24)),
        "thread": seen[0],
        "canary": canary.hex() if canary in block else None,
        "pointer guard": guard.hex() if guard in block else None,
    }


def hash_of_text() -> Any:
    """Which depends on the seed of hashes."""
    return hash("text")


def grown() -> Any:
    """What was there before the start grows, shrinks and goes."""
    for size in (1, 1000, 100000, 10):
        KEPT[:] = range(size)
        TEXT[:] = bytes(size)
        TABLE.clear()
        TABLE.update((str(number), number) for number in range(size))
    return sum(KEPT), len(TEXT), TABLE["9"]


KEPT = list(range(100))
TEXT = bytearray(b"abc" * 1000)
TABLE = {str(number): number for number in range(1000)}


def system_exit() -> Any:
    """Ends the process with its status."""
    raise SystemExit(7)


def uncaught() -> Any:
    """An exception that nobody catches."""

    class Other(BaseException):
        pass

    raise Other("x")


def collect() -> Any:
    """The collector of cycles."""
    return gc.collect() >= 0


def arguments() -> Any:
    """Of the command line, and flags; nothing is imported from files."""
    return sys.argv[1:], sys.flags.isolated, sys.path


def import_later() -> Any:
    """A module of the standard library that nobody has imported at the top of a module."""
    return importlib.import_module("calendar")


def from_package() -> Any:
    """What is not in a package."""
    from . import nothing  # type: ignore[attr-defined]

    return nothing


def compiled() -> Any:
    """The compiler is there, which named tuples are made with."""
    Pair = collections.namedtuple("Pair", ("a", "b"))
    return Pair(1, b=2)


def hash_unknown() -> Any:
    """OpenSSL knows no reason, as the texts of its errors are left out."""
    return _hashlib.new("absent")


def hash_with_openssl() -> Any:
    """Its code is linked in."""
    return _hashlib.openssl_sha256(b"").hexdigest()[:8]

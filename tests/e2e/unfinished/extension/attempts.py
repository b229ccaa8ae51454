"""What code may do on the core of an interpreter that is never finished."""

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
    """Codecs that are written in Python come with `encodings`."""
    return "ü.example".encode("idna")


def import_codecs() -> Any:
    """It looks every handler up."""
    import codecs

    return codecs.strict_errors is not None


def import_much() -> Any:
    """Modules of all kinds."""
    import collections
    import datetime
    import enum
    import functools
    import heapq
    import re
    import typing

    _ = collections, datetime, enum, functools, heapq, typing
    return re.sub("a+", "b", "caat")


def import_nothing() -> Any:
    """A module that is not there."""
    return __import__("absent")


def bad_json() -> Any:
    """`_json` imports its exception."""
    import json

    return json.loads("{,}")


def bad_time() -> Any:
    """`time` imports what parses it."""
    import time

    return time.strptime("x", "%Y")


def traceback() -> Any:
    """As when a fault is logged."""
    import traceback

    try:
        raise ValueError("x")
    except ValueError as error:
        return traceback.format_exception(error)[-1]


def warning() -> Any:
    """Goes to the preliminary stderr."""
    import warnings

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
    import _thread

    def run() -> None:
        b"\xff".decode()

    _thread.start_joinable_thread(run).join()  # type: ignore[attr-defined]  # new in 3.13
    return "joined"


def recursion() -> Any:
    """Too deep."""
    return recursion()


def interrupt() -> Any:
    """A signal for which Python has no handler yet."""
    import _signal  # type: ignore[import-not-found]
    import posix

    _signal.signal(_signal.SIGTERM, lambda *_: None)
    posix.kill(posix.getpid(), _signal.SIGTERM)
    return "handled"


def resolve() -> Any:
    """A host name as text, which `socket` would encode with `idna`."""
    import _socket

    return _socket.getaddrinfo("localhost", 1)[0][4]


def broken_pipe() -> Any:
    """A peer that is gone raises no signal."""
    import posix

    reader, writer = posix.pipe()
    posix.close(reader)
    return posix.write(writer, b"x")


def opened() -> Any:
    """There is none."""
    return open("/dev/null")  # noqa: PTH123


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
    import gc

    return gc.collect() >= 0


def arguments() -> Any:
    """Of the command line, and flags."""
    import sys

    return sys.argv[1:], sys.flags.isolated, sys.path


def hash_with_openssl() -> Any:
    """Its code is linked in."""
    import _hashlib

    return _hashlib.openssl_sha256(b"").hexdigest()[:8]

"""What the exec wrapper imports before it becomes the runtime, which waits for it."""

import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
# C modules, 0.2 ms each, and what `datetime` brings before Python 3.13.
CHEAP = {
    *("__future__", "_datetime", "_json", "_operator", "_signal", "_socket"),
    *("datetime", "errno", "gc", "math", "operator", "select"),
}
CHILD = f"""if True:
    import posix, sys
    bare = set(sys.modules)
    sys.path.insert(0, {str(ROOT)!r})
    from extension import __main__
    from extension.run import exec_wrapper
    posix.write(1, " ".join(set(sys.modules) - bare).encode())
"""


def imported() -> set[str]:
    """The modules that it imports, on an interpreter that imports nothing by itself."""
    child = [sys.executable, "-I", "-S", "-c", CHILD]
    done = subprocess.run(child, capture_output=True, text=True, check=True, timeout=PATIENCE)  # noqa: S603
    return set(done.stdout.split())


def test_nothing_is_imported_that_is_for_the_daemon_alone() -> None:
    """No TLS, no signatures, no beginning of a cold start: 2.5 ms."""
    modules = imported()
    assert not {"_ssl", "_hashlib"} & modules
    assert not {f"extension.{name}" for name in ("start", "sigv4", "prefetch", "tls")} & modules


def test_what_is_imported_is_cheap() -> None:
    """Nothing of socket, os, re, json, threading, typing."""
    standard = {name for name in imported() if name.partition(".")[0] != "extension"}
    assert standard <= CHEAP

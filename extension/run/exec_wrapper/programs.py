"""Programs: how one is found and executed, as a shell does, and what keeps it from being run."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .environment import about_size

_NOT_EXECUTABLE, _NOT_FOUND = 126, 127  # exit codes, as a shell's
_PATH = "/bin:/usr/bin"  # where PATH is not set, as for execvp(3)
_LONGEST_LINE = 256  # bytes; as much of a script's first line as Linux reads


@dataclass(frozen=True, slots=True)
class Refused:
    """A program that is not run.

    Attributes:
        exit_code: a shell's for it.
        reason: which it is, and why, for people.
    """

    exit_code: int
    reason: str


def become(command: Sequence[str], environ: Mapping[str, str], wrappers: int = 0) -> Refused:
    """Execute a command as `execvp(3)` does. It returns only where that fails.

    Args:
        command: the program and its arguments.
        environ: its environment.
        wrappers: how many programs at the beginning each run what follows them. What keeps one
            from being run is told before the first of them begins.
    """
    for wrapper in command[1:wrappers]:
        if "/" in wrapper and (problem := _obstacle(wrapper)):
            return _refused(wrapper, problem, environ)
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # a program must not inherit that
        signal.signal(ignored, signal.SIG_DFL)
    problem = errno.ENOENT
    for path in _candidates(command[0], environ.get("PATH", _PATH)):
        failed = _execute(path, command, environ)
        if failed == errno.ENOEXEC:  # a script without a #! line
            failed = _execute("/bin/sh", ["/bin/sh", path, *command[1:]], environ)
        if failed not in (errno.ENOENT, errno.ENOTDIR):
            problem = failed
    return _refused(command[0], problem, environ)


def _candidates(program: str, path: str) -> list[str]:
    """Where a program may be, as `execvp` looks for it."""
    if "/" in program:
        return [program]
    return [f"{folder or '.'}/{program}" for folder in path.split(":")]


def _execute(path: str, command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Become a program, or return the number of the error that prevents it."""
    try:
        os.execve(path, list(command), environ)  # noqa: S606 - the user's own program
    except OSError as error:
        return error.errno or errno.EINVAL


def _obstacle(path: str) -> int:
    """The number of the error that executing a file would fail with, as far as one can see."""
    if not Path(path).exists() or _has_windows_line(path):
        return errno.ENOENT
    return 0 if Path(path).is_file() and os.access(path, os.X_OK) else errno.EACCES


def _refused(program: str, problem: int, environ: Mapping[str, str]) -> Refused:
    if problem == errno.EACCES and Path(program).is_file() and not os.access(program, os.X_OK):
        reason = f"{program} can't be run: it has no run bit; `chmod +x {program}` sets it"
        return Refused(_NOT_EXECUTABLE, reason)
    if problem == errno.ENOENT and _has_windows_line(program):
        reason = f"{program} can't be run: its first line ends with CRLF; save it with LF alone"
        return Refused(_NOT_EXECUTABLE, reason)
    too_large = f". {about_size(environ)}" if problem == errno.E2BIG else ""
    exit_code = _NOT_FOUND if problem == errno.ENOENT else _NOT_EXECUTABLE
    return Refused(exit_code, f"{program} can't be run: {os.strerror(problem)}{too_large}")


def _has_windows_line(path: str) -> bool:
    """Whether a script names its interpreter in a line that ends with CRLF: Linux looks for CR."""
    try:
        with Path(path).open("rb") as file:
            line = file.readline(_LONGEST_LINE)
    except OSError:
        return False
    return line.startswith(b"#!") and line.endswith(b"\r\n")

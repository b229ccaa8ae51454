"""The plan: send the first requests, import the rest while they are answered, then serve."""

from __future__ import annotations

import gc
import posix
import sys

from . import VERSION
from .declared.variables import decoded

_USAGE = b"usage: warmkey [serve [--local FILE] | exec -- COMMAND | version]; or as an extension\n"


def main() -> None:
    """Do what the command line says, and leave with its exit code."""
    exit_code = 0
    match sys.argv[1:]:
        case []:
            exit_code = _extend(decoded(posix.environ))
        case ["serve"]:
            exit_code = serve(decoded(posix.environ))
        case ["serve", "--local", path] if path:
            exit_code = serve(decoded(posix.environ), path)
        case ["exec", "--", program, *arguments] if program:
            from .run import exec_wrapper

            exit_code = exec_wrapper.run(decoded(posix.environ), [program, *arguments])
        case ["version" | "--version"]:
            posix.write(1, f"warmkey {VERSION}\n".encode())
        case ["help" | "--help" | "-h"]:
            posix.write(1, _USAGE)
        case _:
            posix.write(2, _USAGE)
            exit_code = 2
    posix._exit(exit_code)  # a thread that waits for AWS must not delay the end


def _extend(environ: dict[str, str]) -> int:
    gc.disable()  # until the daemon is ready: a start creates no garbage
    from .run import start

    begun = start.begin(environ, sys.argv[0].rpartition("/")[2])
    from .run import extension  # while AWS answers

    return extension.run(begun, environ.get("WARMKEY_LOG_LEVEL", "").lower())


def serve(environ: dict[str, str], local: str = "") -> int:
    """Serve as a sidecar, from AWS or from a local file, until a signal; return the exit code."""
    from .run import sidecar, signals, start

    signals.block()
    log_level = environ.get("WARMKEY_LOG_LEVEL", "").lower()
    return sidecar.run(start.begin(environ, None, local), log_level)


if __name__ == "__main__":
    main()

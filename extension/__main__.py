"""What the command line asks for."""

from __future__ import annotations

import os
import sys

from . import VERSION
from .run import extension, sidecar
from .run.exec_wrapper import wrapper

_USAGE = "usage: warmkey [serve [--local FILE] | exec -- COMMAND | version]; or as an extension"


def main() -> None:
    """Do what the command line says, and leave with its exit code."""
    exit_code = 0
    environ = dict(os.environ)  # which would decode each variable whenever it is asked for
    match sys.argv[1:]:
        case []:
            name = sys.argv[0].rpartition("/")[2]  # Path would intern each part
            exit_code = extension.run(environ, name)
        case ["serve"]:
            exit_code = sidecar.run(environ)
        case ["serve", "--local", path] if path:
            exit_code = sidecar.run(environ, path)
        case ["exec", "--", program, *arguments] if program:
            exit_code = wrapper.run(environ, [program, *arguments])
        case ["version" | "--version"]:
            print("warmkey", VERSION, flush=True)
        case ["help" | "--help" | "-h"]:
            print(_USAGE, flush=True)
        case _:
            print(_USAGE, file=sys.stderr, flush=True)
            exit_code = 2
    os._exit(exit_code)  # a thread that waits for AWS must not delay the end


if __name__ == "__main__":
    main()

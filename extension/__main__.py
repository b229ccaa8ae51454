"""The plan: begin, import the rest while the first answer travels, go on.

In the layer's own interpreter an extension lives on the initialised core: it needs neither files to
import from nor standard streams, which would be a seventh of its start.
"""

from __future__ import annotations

import gc
import posix
import sys

from . import VERSION
from .variables import decoded

_USAGE = b"usage: warmkey [serve | exec -- COMMAND | version]; without any, as a Lambda extension\n"


def main() -> None:
    """Do what the command line says, and leave with its exit code."""
    match sys.argv[1:]:
        case []:
            exit_code = _run(serve=False)
        case ["serve"]:
            exit_code = _run(serve=True)
        case ["exec", "--", *command] if command:
            from . import exec_wrapper

            exit_code = exec_wrapper.run(decoded(posix.environ), command)
        case ["version"]:
            posix.write(1, f"warmkey {VERSION}\n".encode())
            exit_code = 0
        case _:
            posix.write(2, _USAGE)
            exit_code = 2
    posix._exit(exit_code)  # threads that block upstream must not hold the process


def _run(*, serve: bool) -> int:
    gc.disable()  # until the daemon is ready: nothing that the start makes is garbage
    environ = decoded(posix.environ)
    if serve:
        from . import signals

        signals.hold()
    from . import start

    begun = start.begin(environ, None if serve else sys.argv[0].rpartition("/")[2])
    log_level = environ.get("WARMKEY_LOG_LEVEL", "").lower()
    if serve:
        from . import sidecar

        return sidecar.run(begun, log_level)
    from . import lambda_extension  # while the answer travels

    return lambda_extension.run(begun, log_level)


if __name__ == "__main__":
    main()

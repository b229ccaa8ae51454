"""The plan: begin, finish the interpreter while the first answer travels, go on."""

from __future__ import annotations

import posix
import sys

from . import start

try:
    # The layer's own interpreter has it.
    from _warmkey import finish as _finish_interpreter  # type: ignore[import-not-found]
except ImportError:

    def _finish_interpreter() -> None:
        """An ordinary interpreter is finished already."""


def main() -> None:
    """Run as a Lambda extension, and leave with its exit code."""
    environ = {
        name.decode("utf-8", "surrogateescape"): value.decode("utf-8", "surrogateescape")
        for name, value in posix.environ.items()
    }
    begun = start.begin(environ, sys.argv[0].rpartition("/")[2])
    _finish_interpreter()

    from . import lambda_extension  # on the finished interpreter, while the answer travels

    exit_code = lambda_extension.run(begun, environ.get("WARMKEY_LOG_LEVEL", "").lower())
    posix._exit(exit_code)  # threads that block upstream must not hold the process


if __name__ == "__main__":
    main()

"""Each attempt is made before `finish()`; afterwards all are told, as JSON."""

import sys

from _warmkey import finish  # type: ignore[import-not-found]


def main() -> int:
    """Make the attempt that the first argument names, before or after another finished."""
    from . import attempts

    name = sys.argv[1]
    try:
        result = repr(getattr(attempts, name)())
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    finish()
    sys.stdout.write(result)  # flushed by nobody but the interpreter's main
    sys.stderr.write("ü\n")  # the streams are whole, and codecs are found
    assert "ä".encode("latin-1") == b"\xe4"
    return 3

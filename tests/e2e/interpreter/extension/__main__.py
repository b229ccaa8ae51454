"""Makes one attempt and tells what came of it."""

import sys

from . import attempts


def main() -> int:
    """Make the attempt that the first argument names."""
    name = sys.argv[1]
    try:
        result = repr(getattr(attempts, name)())
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    sys.stdout.write(result)
    sys.stdout.flush()
    return 3

"""Files that are named on the command line."""

import sys
from pathlib import Path

from .output.failure import InvalidInput

STANDARD_INPUT = "-"


def described(path: str | Path) -> str:
    """What messages call it."""
    return "standard input" if str(path) == STANDARD_INPUT else str(path)


def read(path: str | Path) -> bytes:
    """The bytes of a file, or of standard input for `-`.

    Raises:
        InvalidInput: It can't be read.
    """
    try:
        return sys.stdin.buffer.read() if str(path) == STANDARD_INPUT else Path(path).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} can't be read: {error.strerror}", "name another one") from None


def read_text(path: str | Path) -> str:
    """The text of a file, or of standard input for `-`, which may begin with a byte order mark.

    Raises:
        InvalidInput: It can't be read, or is not UTF-8.
    """
    try:
        return read(path).decode("utf-8-sig")  # Windows editors put such a mark first
    except UnicodeDecodeError as error:
        where = f"byte {error.start} of {described(path)}"
        raise InvalidInput(f"{where} is not UTF-8 text", "save it as that") from None

"""Small text files that users name."""

from __future__ import annotations

import errno
import os

LARGEST = 1 << 20  # bytes
_BYTE_ORDER_MARK = "\ufeff"


def read(path: str) -> str:
    """Read a UTF-8 text file of at most `LARGEST` bytes, without its byte order mark.

    Args:
        path: its path.

    Raises:
        OSError: it can't be read, or is too large.
        UnicodeDecodeError: it is not UTF-8.
    """
    with open(path, "rb", opener=_open) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return content.decode().removeprefix(_BYTE_ORDER_MARK)


def _open(path: str, flags: int) -> int:
    """A pipe without a writer counts as empty, as one may never come; an open one is waited for."""
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor


def why_unreadable(error: OSError | UnicodeDecodeError) -> str:
    """What kept a file from being read, for a message."""
    if not isinstance(error, OSError):
        return "it is not UTF-8"
    return error.strerror or os.strerror(error.errno or 0)

"""Small text files, read by system calls: the layer's interpreter has no `open`."""

from __future__ import annotations

import errno
import posix

LARGEST = 1 << 20  # bytes
_BYTE_ORDER_MARK = "\ufeff"  # which editors on Windows put first


def read(path: str) -> str:
    """Read a UTF-8 text file of at most `LARGEST` bytes.

    Args:
        path: its path.

    Raises:
        OSError: it can't be read, or is too large.
        UnicodeDecodeError: it is not UTF-8.
    """
    # A pipe without a writer counts as empty, as one may never come; an open one is waited for.
    descriptor = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC | posix.O_NONBLOCK)
    try:
        posix.set_blocking(descriptor, True)
        parts = []
        while part := posix.read(descriptor, LARGEST):
            parts.append(part)
            if sum(map(len, parts)) > LARGEST:
                raise OSError(errno.EFBIG, posix.strerror(errno.EFBIG))
        return b"".join(parts).decode().removeprefix(_BYTE_ORDER_MARK)
    finally:
        posix.close(descriptor)


def why_unreadable(error: OSError | UnicodeDecodeError) -> str:
    """What kept a file from being read, for a message."""
    return posix.strerror(error.errno or 0) if isinstance(error, OSError) else "it is not UTF-8"

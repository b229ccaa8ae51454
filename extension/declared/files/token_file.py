"""Files that hold a token."""

from __future__ import annotations

import errno
import os
import stat

LARGEST = 4096  # bytes; session tokens have a kilobyte or two


def read(path: str, largest: int = LARGEST) -> str:
    """Read a token, without white space around it; never waits for anybody to write one.

    Args:
        path: the path of a regular file.
        largest: how many bytes it may have.

    Raises:
        OSError: it can't be read, is no regular file or larger than that.
        UnicodeDecodeError: it is not UTF-8.
    """
    with open(path, "rb", buffering=0, opener=_open) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        content = file.read(largest + 1) or b""
    if len(content) > largest:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return content.decode().strip()


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)

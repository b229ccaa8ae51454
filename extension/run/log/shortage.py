"""Shortages of memory and descriptors, which are no bug of ours."""

from __future__ import annotations

import errno

_NO_MEMORY = "there is no memory left: give the function more"
_NO_DESCRIPTOR = "there are no file descriptors left: raise the limit on open files (`ulimit -n`)"
_SHORTAGES = {
    errno.EMFILE: _NO_DESCRIPTOR,
    errno.ENFILE: _NO_DESCRIPTOR,
    errno.ENOMEM: _NO_MEMORY,
}


def shortage(error: Exception) -> str | None:
    """Say which shortage an exception means, and what to do about it; None for any other."""
    match error:
        case MemoryError():
            return _NO_MEMORY
        case OSError(errno=number):
            return _SHORTAGES.get(number or 0)
    return None

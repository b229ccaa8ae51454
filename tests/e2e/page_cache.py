"""What the kernel holds of a file in its page cache, and how it is dropped."""

import ctypes
import mmap
import os
from pathlib import Path

PAGE = mmap.PAGESIZE


def drop(path: Path) -> None:
    """Have the kernel forget a file that is not mapped; where it lies in memory alone, it can't."""
    with path.open("rb") as file:
        os.fsync(file.fileno())  # a page that has to be written yet can't be dropped
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def held(path: Path) -> set[int]:
    """The numbers of a file's pages that are in memory."""
    libc = ctypes.CDLL(None, use_errno=True)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as view:
        count = -(-len(view) // PAGE)
        states = (ctypes.c_ubyte * count)()
        start = ctypes.c_char.from_buffer(view)
        failed = libc.mincore(ctypes.byref(start), ctypes.c_size_t(len(view)), states)
        del start
        if failed:
            raise OSError(ctypes.get_errno(), "mincore")
        return {number for number, state in enumerate(states) if state & 1}

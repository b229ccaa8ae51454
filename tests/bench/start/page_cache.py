"""The page cache: dropping files from it, as in a fresh sandbox, and what a start has read anew."""

import ctypes
import mmap
import os
from collections.abc import Iterable
from pathlib import Path

_TIMES = 5
_libc = ctypes.CDLL(None, use_errno=True)


class StillCached(Exception):
    """The kernel keeps a file in memory; what was to be measured cold would be warm."""


def evict(files: Iterable[Path]) -> None:
    """Drop files from the page cache.

    Raises:
        StillCached: One of them stays: a process maps it, or it lies on a file system in memory.
    """
    for path in files:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)  # what is not on disk yet can't be dropped
            left = _left(descriptor)
        finally:
            os.close(descriptor)
        if left:
            raise StillCached(
                f"{left} pages of {path} stay in the page cache: end what has it mapped, "
                "and keep the checkout on a disk, not on a tmpfs"
            )


def cached(files: Iterable[Path]) -> int:
    """How many bytes of some files are in the page cache, in whole pages.

    After `evict` and a start that is what the start has read from disk, or has had the kernel read.
    It contains what the kernel read ahead of it: see `read_ahead`.
    """
    return mmap.PAGESIZE * sum(len(cached_pages(path)) for path in files)


def read_ahead(path: Path) -> int | None:
    """How many kilobytes the kernel reads ahead from a file's disk, at most.

    Returns:
        What `read_ahead_kb` says; None where the file lies on no disk of its own, as on overlayfs.
    """
    device = path.stat().st_dev
    settings = Path(f"/sys/class/bdi/{os.major(device)}:{os.minor(device)}")
    try:
        return int(settings.joinpath("read_ahead_kb").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def cached_pages(path: Path) -> frozenset[int]:
    """The numbers of the pages of a file that are in the page cache."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return frozenset(_cached(descriptor))
    finally:
        os.close(descriptor)


def _left(descriptor: int) -> int:
    """How many pages stay, also where another process has just read the file again."""
    left = 0
    for _ in range(_TIMES):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        if not (left := len(_cached(descriptor))):
            break
    return left


def _cached(descriptor: int) -> list[int]:
    """Which pages of a file are in the page cache; see mincore(2)."""
    size = os.fstat(descriptor).st_size
    if not size:
        return []
    pages = (ctypes.c_ubyte * -(-size // mmap.PAGESIZE))()
    # Private and writable is the only kind of mapping whose address ctypes gives.
    with mmap.mmap(descriptor, size, access=mmap.ACCESS_COPY) as mapping:
        start = ctypes.c_char.from_buffer(mapping)
        refused = _libc.mincore(ctypes.byref(start), ctypes.c_size_t(size), pages)
        del start  # else the mapping can't be closed
    if refused:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return [number for number, page in enumerate(pages) if page & 1]

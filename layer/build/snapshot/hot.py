"""Which pages of the executable a start reads: a table in the file, for the launcher.

It is a number of ranges, and of each its first page and how many there are, in 32-bit integers.
"""

import itertools
import struct
from collections.abc import Iterable

from layer.build.executables.elf import Elf, Segment

PAGE = 4096
MOST_RANGES = PAGE // 8 - 1
MOST_RUNS = 64  # as layer/interpreter/seed.c has room for
WRITTEN = 2
# Sections that are read without having been noted (layer/interpreter/noting.c).
ALWAYS = {"rodata.cst32", ".libc_constants", ".libc_apart", ".fresh.data", ".waiting"}
# So are these of `.libc_tables`, the kinds of characters, for /etc/nsswitch.conf and /etc/hosts: so
# early that who waits for them waits for everything that the launcher has asked the disk for.
ALWAYS_OF_TABLES = {"_nl_C_LC_CTYPE_class", "_nl_C_LC_CTYPE_tolower", "_nl_C_LC_CTYPE_toupper"}


def touched_pages(seed: Elf, noted: bytes) -> frozenset[int]:
    """The numbers of the pages that a start touches.

    Args:
        seed: The executable that was run.
        noted: For each page of it in memory, from the first on, whether a start touches it.
    """
    first = seed.loaded[0].address // PAGE
    return frozenset(first + number for number, kind in enumerate(noted) if kind)


def table(seed: Elf, touched: bytes, loaded: Iterable[Segment]) -> bytes:
    """The table, a page long at most.

    Args:
        seed: The executable that was run.
        touched: For each page of it in memory, from the first on, whether a start touches it.
        loaded: Where its pages are in the file.
    """
    hot = set(touched_pages(seed, touched))
    for section in seed.sections():
        if section.name in ALWAYS:
            end = -(-(section.address + section.size) // PAGE)
            hot |= set(range(section.address // PAGE, end))
    for symbol in seed.symbols():
        if symbol.name in ALWAYS_OF_TABLES:
            hot |= set(range(symbol.value // PAGE, -(-(symbol.value + symbol.size) // PAGE)))
    found = ranges(sorted(in_file(hot, loaded)), MOST_RANGES)
    numbers = [number for each in found for number in each]
    return struct.pack(f"<{1 + len(numbers)}I", len(found), *numbers)


def written_runs(seed: Elf, noted: bytes) -> bytes:
    """The runs of pages that a start writes, as layer/interpreter/seed.c reads them."""
    first = seed.loaded[0].address // PAGE
    written = [first + number for number, kind in enumerate(noted) if kind == WRITTEN]
    ends = [end * PAGE for at, count in ranges(written, MOST_RUNS) for end in (at, at + count)]
    return struct.pack(f"<{len(ends)}Q", *ends)


def in_file(pages: Iterable[int], loaded: Iterable[Segment]) -> set[int]:
    """The numbers that pages of the memory have in the file; those of zeros have none."""
    places = {}
    for segment in loaded:
        for at in range(0, segment.in_file, PAGE):
            places[(segment.address + at) // PAGE] = (segment.offset + at) // PAGE
    return {places[page] for page in pages if page in places}


def ranges(pages: list[int], most: int) -> list[tuple[int, int]]:
    """Where pages are, in order: first, and how many.

    Where there would be too many ranges, the smallest gaps are read along.
    """
    gaps = sorted(b - a for a, b in itertools.pairwise(pages) if b - a > 1)
    least = max([1, *gaps[: max(0, len(gaps) + 1 - most)][-1:]])
    found: list[tuple[int, int]] = []
    for page in pages:
        if found and page - sum(found[-1]) < least:
            found[-1] = (found[-1][0], page + 1 - found[-1][0])
        else:
            found.append((page, 1))
    return found

"""The executable of the layer: a seed's code and constants, with its memory for variables.

What is in the file, page by page:

- the ELF header, and the program header, which has grown;
- which pages of the file a start reads, for the launcher;
- every page of the seed, and of its memory, that is not all zeros.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from layer.build.executables.elf import (
    HEADER,
    LOAD,
    PROGRAM_HEADER,
    READABLE,
    SEGMENT,
    WRITABLE,
    Elf,
    Segment,
)
from layer.build.snapshot import hot

PAGE = 4096
HOT_AT = PAGE
ROOM = ".room"  # the rest of the first page, which the linker leaves free for the program header
# The sections of which the executable keeps what the linker wrote.
FRESH = {".tdata", ".fresh.data", ".fresh.bss", ".init_array", ".fini_array", ".got", ".got.plt"}
UNUSED = {".frozen_code", ".noting.text", ".noting.data"}
# So many pages of zeros in a row are left out; fewer rows of the program header at each step.
HOLES = (4, 8, 16, 32, 64, 128)


class Piece(NamedTuple):
    """A run of pages that are in the file.

    Attributes:
        segment: The seed's segment that they belong to.
        address: Where they are in memory.
        data: What they hold.
        in_memory: How many bytes there are in memory, zeros behind the data included.
    """

    segment: Segment
    address: int
    data: bytes
    in_memory: int


def image(seed: Elf, memory: bytes, touched: bytes = b"") -> bytes:
    """The executable.

    Args:
        seed: The executable that was run, with its sections' names.
        memory: Its writable segment in the end.
        touched: For each page of it in memory, from the first on, whether a start touches it.
    """
    memory = with_written_runs(seed, with_fresh_sections(seed, memory), touched)
    for hole in HOLES:
        pieces = [
            piece
            for segment in seed.loaded
            for piece in pieces_of(segment, contents(seed, segment, memory), hole)
        ]
        if file := laid_out(seed, pieces, touched):
            return file
    raise ValueError("the program header does not fit into the first page")


def with_fresh_sections(seed: Elf, memory: bytes) -> bytes:
    """The memory, in which some sections are as in a process that begins."""
    result, start = bytearray(memory), seed.writable.address
    for section in seed.sections():
        at = section.address - start
        if section.name in FRESH:
            result[at : at + section.size] = seed.content(section)
        elif section.name in UNUSED and 0 <= at < len(memory):
            result[at : at + section.size] = bytes(section.size)
    return bytes(result)


def with_written_runs(seed: Elf, memory: bytes, touched: bytes) -> bytes:
    """The memory, in which it is noted what a start writes."""
    runs = hot.written_runs(seed, touched)
    at = seed.symbol("written_runs") - seed.writable.address
    return memory[:at] + runs + memory[at + len(runs) :]


def contents(seed: Elf, segment: Segment, memory: bytes) -> bytes:
    """A segment's bytes, from the beginning of its first page on."""
    if segment == seed.writable:
        data = memory
    else:
        whole = bytearray(seed.data)
        for section in seed.sections():
            if section.name in UNUSED:
                whole[section.offset : section.offset + section.size] = bytes(section.size)
        data = bytes(whole[segment.offset : segment.offset + segment.in_file])
    return bytes(segment.address % PAGE) + data


def pieces_of(segment: Segment, data: bytes, hole: int) -> Iterator[Piece]:
    """The pages that are not zeros; fewer than `hole` zeros between two of them are kept."""
    start = segment.address - segment.address % PAGE
    end = segment.address + segment.in_memory
    data += bytes(-len(data) % PAGE)
    runs = list(runs_of_pages(data, hole))
    nexts = [start + first for first, _ in runs[1:]]
    for (first, last), following in zip(runs, [*nexts, end], strict=True):
        address, length = start + first, last - first
        # Only variables have zeros behind them: in other segments nothing refers to what is left.
        in_memory = following - address if segment.flags & WRITABLE else length
        yield Piece(segment, address, data[first:last], max(in_memory, length))


def runs_of_pages(data: bytes, hole: int) -> Iterator[tuple[int, int]]:
    """Where there is anything, from page to page; the first page always counts."""
    zeros = bytes(PAGE)
    used = (at for at in range(0, len(data), PAGE) if not at or data[at : at + PAGE] != zeros)
    first = last = 0
    for at in used:
        if at - last > hole * PAGE:
            yield first, last
            first = at
        last = at + PAGE
    yield first, last


def laid_out(seed: Elf, pieces: Iterable[Piece], touched: bytes) -> bytes:
    """The file; empty where the program header does not fit into its first page."""
    file, loaded = bytearray(2 * PAGE), list[Segment]()
    for segment, address, data, in_memory in pieces:
        if not loaded:  # the first page, behind which the table comes
            file[:PAGE], data = data[:PAGE], data[PAGE:]
            loaded.append(Segment(LOAD, READABLE, 0, address, address, PAGE, PAGE, PAGE))
            address, in_memory = address + PAGE, in_memory - PAGE
        if data:
            where = (len(file), address, address, len(data), in_memory)
            loaded.append(Segment(LOAD, segment.flags, *where, PAGE))
            file += data
    place = next(-(-s.offset // 8) * 8 for s in seed.sections() if s.name == ROOM)
    rows = with_others(seed, loaded, place)
    if place + len(rows) * SEGMENT.size > PAGE:
        return b""
    for number, row in enumerate(rows):
        SEGMENT.pack_into(file, place + SEGMENT.size * number, *row)
    header = seed.header._replace(
        entry=seed.symbol("_start"),
        segments_at=place,
        segments=len(rows),
        sections_at=0,
        sections=0,
        names=0,
    )
    HEADER.pack_into(file, 0, *header)
    hot_pages = hot.table(seed, touched, loaded)
    file[HOT_AT : HOT_AT + len(hot_pages)] = hot_pages
    return bytes(file)


def with_others(seed: Elf, loaded: list[Segment], place: int) -> list[Segment]:
    """The program header at that offset: segments that are not loaded lie in those that are."""
    rows = list[Segment]()
    count = len(loaded) + len(seed.segments) - len(seed.loaded)
    for segment in seed.segments:
        if segment.type == PROGRAM_HEADER:
            at, size = loaded[0].address + place, count * SEGMENT.size
            rows.insert(0, Segment(segment.type, READABLE, place, at, at, size, size, 8))
        elif segment.type != LOAD:
            moved = offset_of(segment.address, loaded) if segment.in_file else segment.offset
            rows.append(segment._replace(offset=moved))
    first = sum(row.type == PROGRAM_HEADER for row in rows)
    return [*rows[:first], *loaded, *rows[first:]]


def offset_of(address: int, loaded: Iterable[Segment]) -> int:
    """Where in the file the byte of an address is.

    Raises:
        StopIteration: It is not in the file.
    """
    return next(
        each.offset + address - each.address
        for each in loaded
        if each.address <= address < each.address + each.in_file
    )

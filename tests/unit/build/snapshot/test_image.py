"""The executable that is made of a seed and its memory."""

import struct

import pytest

from layer.build.executables.elf import HEADER, LOAD, SECTION, SEGMENT, SYMBOL, Elf, Header, Segment
from layer.build.snapshot.image import PAGE, image, runs_of_pages

CODE, DATA = 0x200000, 0x300000
PHDR, READ_EXECUTE, READ_WRITE = 6, 5, 6
PROGBITS, NOBITS = 1, 8
READ, WRITTEN = 1, 2
NAMES = b"\0.room\0.frozen_code\0.data\0.fresh.data\0.fresh.bss\0.names\0.symtab\0.strtab\0"
RUNS = DATA + PAGE // 2
SYMBOLS = SYMBOL.pack(1, 0, 0, 0, CODE + PAGE, 0) + SYMBOL.pack(8, 0, 0, 0, RUNS, 0)
TEXTS = b"\0_start\0written_runs\0"


def seed() -> Elf:
    """An executable of two segments: code, of which a section is frozen modules, and variables."""
    code = bytearray(b"c" * 20 * PAGE)
    room = (HEADER.size + 3 * SEGMENT.size, PAGE)
    code[: room[1]] = bytes(PAGE)
    data = b"d" * PAGE + b"f" * 16
    names_at = len(code) + len(data)
    sections = [
        (b"", 0, 0, 0, 0),
        (b".room", PROGBITS, CODE + room[0], room[0], room[1] - room[0]),
        (b".frozen_code", PROGBITS, CODE + 2 * PAGE, 2 * PAGE, 10 * PAGE),
        (b".data", PROGBITS, DATA, len(code), PAGE),
        (b".fresh.data", PROGBITS, DATA + PAGE, len(code) + PAGE, 16),
        (b".fresh.bss", NOBITS, DATA + PAGE + 16, 0, 16),
        (b".names", PROGBITS, 0, names_at, len(NAMES)),
        (b".symtab", PROGBITS, 0, names_at + len(NAMES), len(SYMBOLS)),
        (b".strtab", PROGBITS, 0, names_at + len(NAMES + SYMBOLS), len(TEXTS)),
    ]
    rows = b"".join(
        SECTION.pack(NAMES.index(b"\0" + n + b"\0") + 1 if n else 0, t, 0, a, o, s, 0, 0, 0, 0)
        for n, t, a, o, s in sections
    )
    segments = [
        Segment(PHDR, 4, 64, CODE + 64, CODE + 64, 3 * SEGMENT.size, 3 * SEGMENT.size, 8),
        Segment(LOAD, READ_EXECUTE, 0, CODE, CODE, len(code), len(code), PAGE),
        Segment(LOAD, READ_WRITE, len(code), DATA, DATA, len(data), 40 * PAGE, PAGE),
    ]
    header = Header(b"\x7fELF", 2, 62, 1, CODE + PAGE, 64, 0, 0, 64, 56, 3, 64, len(sections), 6)
    header = header._replace(sections_at=names_at + len(NAMES + SYMBOLS + TEXTS))
    HEADER.pack_into(code, 0, *header)
    for number, segment in enumerate(segments):
        SEGMENT.pack_into(code, 64 + SEGMENT.size * number, *segment)
    return Elf(bytes(code) + data + NAMES + SYMBOLS + TEXTS + rows)


def memory(**pages: bytes) -> bytes:
    """What the seed has written: `d` everywhere in its data, and what is named at pages."""
    result = bytearray(b"D" * PAGE + b"F" * 32 + bytes(39 * PAGE - 32))
    for name, content in pages.items():
        at = int(name.removeprefix("page")) * PAGE
        result[at : at + len(content)] = content
    return bytes(result)


def loaded(file: bytes) -> dict[int, int]:
    """Every byte that a process finds which is not zero, by its address."""
    return {
        segment.address + at: byte
        for segment in Elf(file).loaded
        for at, byte in enumerate(file[segment.offset : segment.offset + segment.in_file])
        if byte
    }


def test_a_process_finds_the_seeds_code_and_its_memory() -> None:
    """Each byte at its address."""
    found = loaded(image(seed(), memory(page30=b"pool")))
    assert bytes(found[DATA + at] for at in range(4)) == b"DDDD"
    assert bytes(found[DATA + 30 * PAGE + at] for at in range(4)) == b"pool"
    assert all(found[CODE + 12 * PAGE + at] == ord("c") for at in range(8 * PAGE))


def test_fresh_ranges_are_as_the_linker_wrote_them() -> None:
    """Variables of the C library, those without contents among them."""
    found = loaded(image(seed(), memory()))
    assert [found.get(DATA + PAGE + at) for at in (0, 15, 16, 31)] == [102, 102, None, None]


def test_the_pages_that_a_start_writes_are_noted_in_it() -> None:
    """By the ends of their runs; what it only reads is not among them."""
    touched = bytearray((DATA - CODE) // PAGE + 40)
    for page, kind in ((1, READ), (2, WRITTEN), (3, WRITTEN), (30, WRITTEN)):
        touched[(DATA - CODE) // PAGE + page] = kind
    found = loaded(image(seed(), memory(page30=b"pool"), bytes(touched)))
    noted = bytes(found.get(RUNS + at, 0) for at in range(33))
    ends = [DATA + page * PAGE for page in (2, 4, 30, 31)]
    assert noted == struct.pack("<4Q", *ends) + b"D"


def test_the_code_of_modules_is_left_out() -> None:
    """They are imported already."""
    made = image(seed(), memory())
    assert not any(CODE + 2 * PAGE <= at < CODE + 12 * PAGE for at in loaded(made))
    assert len(made) < len(seed().data) - 8 * PAGE


def test_memory_of_zeros_is_there_but_not_in_the_file() -> None:
    """Between what is in the file, and behind it, up to the end of the seed's."""
    made = image(seed(), memory(page30=b"pool"))
    writable = [s for s in Elf(made).loaded if s.flags == READ_WRITE]
    assert [s.in_file for s in writable] == [2 * PAGE, PAGE]
    assert [s.in_memory for s in writable] == [30 * PAGE, 10 * PAGE]


def test_the_program_header_tells_where_it_is() -> None:
    """Libraries find it, and thread-local variables by it."""
    made = Elf(image(seed(), memory()))
    own = made.segments[0]
    assert own.type == PHDR
    assert own.offset == made.header.segments_at
    assert own.address == CODE + own.offset
    assert own.in_file == made.header.segments * SEGMENT.size
    assert own.offset + own.in_file <= PAGE


def test_more_holes_are_filled_where_the_program_header_would_not_fit() -> None:
    """It has to fit into the first page."""
    pages = {f"page{number}": b"x" for number in range(2, 40, 6)}
    few = [s for s in Elf(image(seed(), memory(**pages))).loaded if s.flags == READ_WRITE]
    assert len(few) == 7
    narrow = bytearray(seed().data)
    place = seed().header.sections_at + SECTION.size
    row = list(SECTION.unpack_from(narrow, place))
    row[4] = PAGE - 8 * SEGMENT.size  # where the room begins
    SECTION.pack_into(narrow, place, *row)
    fewer = Elf(image(Elf(bytes(narrow)), memory(**pages)))
    assert fewer.header.segments <= 8
    assert loaded(image(seed(), memory(**pages))).items() >= {
        (DATA + number * PAGE, ord("x")) for number in range(2, 40, 6)
    }


def test_a_program_header_that_never_fits_ends_the_build() -> None:
    """With a word about it."""
    narrow = bytearray(seed().data)
    place = seed().header.sections_at + SECTION.size
    row = list(SECTION.unpack_from(narrow, place))
    row[4] = PAGE - SEGMENT.size
    SECTION.pack_into(narrow, place, *row)
    with pytest.raises(ValueError, match="does not fit"):
        image(Elf(bytes(narrow)), memory())


@pytest.mark.parametrize(
    ("pages", "runs"),
    [
        (".", [(0, 1)]),
        ("x.", [(0, 1)]),
        ("x..x", [(0, 4)]),
        ("x...x", [(0, 1), (4, 5)]),
        ("...x", [(0, 4)]),
        ("....x", [(0, 1), (4, 5)]),
        ("x.x....xx..", [(0, 3), (7, 9)]),
    ],
)
def test_runs_of_pages_skip_what_is_zeros(pages: str, runs: list[tuple[int, int]]) -> None:
    """Where there are more than two pages of them; the first page always counts."""
    data = b"".join((b"\0" if page == "." else b"x") * PAGE for page in pages)
    assert [(a // PAGE, b // PAGE) for a, b in runs_of_pages(data, 2)] == runs

"""64-bit little-endian ELF executables, as much of them as a snapshot needs.

Specification: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
SEGMENT = struct.Struct("<IIQQQQQQ")
SECTION = struct.Struct("<IIQQQQIIQQ")
LOAD, PROGRAM_HEADER = 1, 6  # types of segments
SYMBOL = struct.Struct("<IBBHQQ")
NO_CONTENT = 8  # a type of section
EXECUTABLE, WRITABLE, READABLE = 1, 2, 4


class Header(NamedTuple):
    """The file's first bytes."""

    identification: bytes
    type: int
    machine: int
    version: int
    entry: int
    segments_at: int
    sections_at: int
    flags: int
    size: int
    segment_size: int
    segments: int
    section_size: int
    sections: int
    names: int


class Segment(NamedTuple):
    """A row of the program header."""

    type: int
    flags: int
    offset: int
    address: int
    physical: int
    in_file: int
    in_memory: int
    align: int


class Section(NamedTuple):
    """A section: its name, and where it is in memory and in the file."""

    name: str
    type: int
    address: int
    offset: int
    size: int


class Symbol(NamedTuple):
    """A row of the symbol table; `section` 0 is another object's."""

    name: str
    type: int
    binding: int
    section: int
    value: int
    size: int


class Elf:
    """An executable, or an object that is to be linked.

    Args:
        data: The file.

    Attributes:
        data: The file.
        header: Its first bytes.
        segments: Its program header.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.header = Header(*HEADER.unpack_from(data))
        rows = range(self.header.segments)
        at, size = self.header.segments_at, self.header.segment_size
        self.segments = [Segment(*SEGMENT.unpack_from(data, at + size * row)) for row in rows]

    @property
    def loaded(self) -> list[Segment]:
        """The segments that are loaded into memory."""
        return [segment for segment in self.segments if segment.type == LOAD]

    @property
    def writable(self) -> Segment:
        """The segment of the variables; the linker makes one."""
        (segment,) = (segment for segment in self.loaded if segment.flags & WRITABLE)
        return segment

    def sections(self) -> list[Section]:
        """All sections, with their names."""
        at, size = self.header.sections_at, self.header.section_size
        rows = range(self.header.sections)
        found = [SECTION.unpack_from(self.data, at + size * row) for row in rows]
        names = found[self.header.names][4]
        return [Section(self._text(names + row[0]), row[1], *row[3:6]) for row in found]

    def content(self, section: Section) -> bytes:
        """What a section holds when the program starts."""
        if section.type == NO_CONTENT:
            return bytes(section.size)
        return self.data[section.offset : section.offset + section.size]

    def symbol(self, name: str) -> int:
        """A symbol's address.

        Raises:
            KeyError: There is none of that name.
        """
        for symbol in self.symbols():
            if symbol.name == name:
                return symbol.value
        raise KeyError(name)

    def symbols(self) -> Iterator[Symbol]:
        """The symbol table, if there is one."""
        sections = {section.name: section for section in self.sections()}
        if ".symtab" not in sections:
            return
        names = sections[".strtab"].offset
        for row in SYMBOL.iter_unpack(self.content(sections[".symtab"])):
            name, info, _, section, value, size = row
            yield Symbol(self._text(names + name), info & 15, info >> 4, section, value, size)

    def _text(self, at: int) -> str:
        return self.data[at : self.data.index(b"\0", at)].decode()

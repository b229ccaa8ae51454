"""The order of code, constants and variables: what a start needs lies together.

A seed that is linked with layer/interpreter/spread.ld has each of the linker's input sections on
pages of its own, so the pages that a start touches tell which sections it needs. The objects are
Debian's, of which most have one section for all of their functions.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import NamedTuple

PAGE = 4096
SPREAD = ".spread"
# What is put in order, and what it is inserted after.
PARTS = {".rodata": ".rodata", ".text": ".text", ".data.rel.ro": ".data", ".data": ".data"}
ROW = re.compile(r" *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) +\d+ ( *)(\S.*)")
INPUT = re.compile(r"(.+?)(?:\((.+)\))?:\((.+)\)")
OUTPUT_INDENT, INPUT_INDENT = 0, 8


class Input(NamedTuple):
    """An input section, where the linker's map says it is.

    Attributes:
        part: The output section that it would be in.
        file: What it comes from, as a linker script names it.
        name: Its name.
        address: Where it is in memory.
        size: In bytes.
    """

    part: str
    file: str
    name: str
    address: int
    size: int

    def pages(self) -> range:
        """The numbers of its pages."""
        return range(self.address // PAGE, (self.address + self.size - 1) // PAGE + 1)


def inputs(link_map: str) -> Iterator[Input]:
    """The input sections that have been spread out, by the map that `ld.lld -Map` writes."""
    part = ""
    for address, size, indent, what in (
        row.groups() for row in map(ROW.match, link_map.splitlines()) if row
    ):
        if len(indent) == OUTPUT_INDENT:
            part = what.removeprefix(SPREAD) if what.startswith(SPREAD) else ""
        elif (
            part
            and len(indent) == INPUT_INDENT
            and int(size, 16)
            and (found := INPUT.fullmatch(what))
        ):
            path, member, name = found.groups()
            file = f"*{PurePath(path).name}" + (f":{member}" if member else "")
            yield Input(part, file, name, int(address, 16), int(size, 16))


def script(found: Iterable[Input], touched: frozenset[int]) -> str:
    """The linker script that puts what a start needs together.

    Args:
        found: The input sections of a seed that was spread out.
        touched: The numbers of its pages that a start touches.
    """
    needed = [each for each in found if not touched.isdisjoint(each.pages())]
    lines = []
    for part, after in PARTS.items():
        here = [each for each in needed if each.part == part]
        here.sort(key=lambda each: sparseness(each, touched))
        rows = "\n".join(f"  {each.file}({each.name})" for each in here)
        lines.append(f"SECTIONS {{ .needed{part} : {{\n{rows}\n}} }} INSERT AFTER {after};\n")
    return "".join(lines)


def sparseness(section: Input, touched: frozenset[int]) -> float:
    """How much of a section a start leaves alone, as far as whole pages tell: 0 to 1."""
    pages = section.pages()
    return 1 - sum(page in touched for page in pages) / len(pages)

"""The order in which a cold start reaches the interpreter's code.

Where it is not known, what a start needs lies scattered over the whole executable, and all of it
is read from a disk that is cold. One symbol stands for each section of the linker's; a library
whose objects are not split into functions is moved an object at a time.
"""

import re
from collections.abc import Iterable, Iterator

REACHED = re.compile(r"^IN: (\S+)", re.MULTILINE)
# VMA, LMA, size, alignment; the columns of sections and of the symbols in them differ by indent.
ROW = re.compile(r"^ *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) +\d+ (?P<indent> *)(?P<name>.*)$")
SECTION_INDENT = 8


def reached(trace: str) -> list[str]:
    """The functions that a run has reached, in order, each once.

    Args:
        trace: What QEMU writes with `-d in_asm`.
    """
    return list(dict.fromkeys(REACHED.findall(trace)))


def one_of_each_section(symbols: Iterable[str], sections: dict[str, str]) -> Iterator[str]:
    """Of symbols that share a section, the first.

    Args:
        symbols: The symbols, in order.
        sections: Each symbol's section.
    """
    seen = set()
    for symbol in symbols:
        section = sections.get(symbol)
        if section is not None and section not in seen:
            seen.add(section)
            yield symbol


def sections_of(link_map: str) -> dict[str, str]:
    """Each symbol's section, by object and name; symbols that several objects have are left out.

    Args:
        link_map: What LLD writes with `-Map`.
    """
    sections: dict[str, str] = {}
    ambiguous = set()
    section = ""
    for row in map(ROW.match, link_map.splitlines()):
        if row is None or len(row["indent"]) < SECTION_INDENT:
            continue
        if len(row["indent"]) == SECTION_INDENT:
            section = row["name"]
        elif sections.setdefault(row["name"], section) != section:
            ambiguous.add(row["name"])
    return {name: where for name, where in sections.items() if name not in ambiguous}

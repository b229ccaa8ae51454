"""Members of static libraries that are not linked: stand-ins for what they define.

A function that stands in returns 0, or NULL, which to those who call it is "I can't" or "there is
none"; data is zeros. So OpenSSL goes on as a build of it would that leaves the algorithm out.
"""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from layer.build.executables.elf import Elf
from layer.build.inputs import deb

LIBRARIES = ("libssl.a", "libcrypto.a")
FUNCTION, GLOBAL = 2, 1
RETURN_ZERO = {62: "xorl %eax, %eax\n\tret", 183: "mov x0, #0\n\tret"}  # by the ELF machine


def read(text: str) -> list[str]:
    """The members' names in a file: separated by white space, with `*`; `#` begins a comment."""
    return re.sub("#.*", "", text).split()


def members(library: Path) -> Iterator[tuple[str, bytes]]:
    """The objects of a static library, by their names without `.o`."""
    names = b""
    for name, contents in deb.members(library.read_bytes()):
        if name == "/" or not name:  # the index of symbols; what `//` becomes: the long names
            names = contents
        elif name.startswith("/"):
            start = int(name[1:])
            yield names[start : names.index(b"/\n", start)].decode().removesuffix(".o"), contents
        else:
            yield name.removesuffix(".o"), contents


def stand_ins(libraries: Iterable[Path], declined: Iterable[str]) -> str:
    """Assembly that defines every symbol of the members that are declined.

    The symbols are weak: declined.c may have a better one.

    Args:
        libraries: The static libraries, of one architecture.
        declined: Patterns of their members' names.
    """
    patterns, machine = list(declined), 0
    code, data = set[str](), dict[str, int]()
    for name, contents in (member for library in libraries for member in members(library)):
        member = Elf(contents)
        machine = member.header.machine
        if not any(fnmatchcase(name, pattern) for pattern in patterns):
            continue
        for symbol in member.symbols():
            if symbol.section and symbol.binding == GLOBAL:
                if symbol.type == FUNCTION:
                    code.add(symbol.name)
                else:
                    data[symbol.name] = symbol.size
    lines = ['.section .text.declined, "ax"', *labels(code), f"\t{RETURN_ZERO[machine]}"]
    lines += ['.section .bss.declined, "aw", @nobits', ".balign 64", *labels(data)]
    return "\n".join([*lines, f"\t.zero {max(data.values(), default=0)}", ""])


def labels(names: Iterable[str]) -> Iterator[str]:
    """All of one place."""
    for name in sorted(names):
        yield f".weak {name}\n{name}:"

"""What a seed was linked of: the objects, their symbols, and where these are in it."""

import struct
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from layer.build.executables.declined import members
from layer.build.executables.elf import Elf
from layer.build.plan import REPOSITORY
from layer.build.targets import Target
from tests.rapid.layer import zip_of

FUNCTIONS = {2, 10}
"""Types of symbols: functions, and those that choose one when the program starts."""
VARIABLE = 1
GETRANDOM = {"x86_64": b"\xb8\x3e\x01\x00\x00", "arm64": b"\xc8\x22\x80\xd2"}
"""The instruction that names the kernel's call for randomness, to be made without a function."""
_FLAGS_AT, _WRITABLE = 8, 1  # in a row of the table of sections


class Linked(NamedTuple):
    """An object that was linked.

    Attributes:
        library: The name of its library; empty for one of the build's own.
        name: Its name, without `.o`.
        object: Its contents.
    """

    library: str
    name: str
    object: Elf

    def variables(self) -> Iterator[str]:
        """The names of what it defines and can be written to."""
        header = self.object.header
        rows = range(header.sections_at, header.sections_at + header.sections * 64, 64)
        flags = [struct.unpack_from("<Q", self.object.data, row + _FLAGS_AT)[0] for row in rows]
        for symbol in self.object.symbols():
            defined = symbol.type == VARIABLE and 0 < symbol.section < len(flags)
            if defined and symbol.size and flags[symbol.section] & _WRITABLE:
                yield symbol.name

    def calls_without_function(self, instruction: bytes) -> bool:
        """Whether it holds an instruction."""
        codes = (each for each in self.object.sections() if each.name.startswith(".text"))
        return any(instruction in self.object.content(code) for code in codes)


def folder(target: Target) -> Path:
    """Where the interpreter of an architecture was built, with its seed."""
    zip_of(target)
    return REPOSITORY / "build/layer" / target.name / "interpreter"


@cache
def objects(target: Target) -> tuple[Linked, ...]:
    """All that was linked from libraries."""
    wanted = defaultdict(set)
    for line in (folder(target) / "linked.txt").read_text("utf-8").splitlines():
        library, _, member = line.rstrip(")").partition("(")
        if member:
            wanted[(folder(target) / library).resolve()].add(member.removesuffix(".o"))
    return tuple(
        Linked(library.name, name, Elf(contents))
        for library, names in wanted.items()
        for name, contents in members(library)
        if name in names
    )


def aliases(linked: tuple[Linked, ...], wanted: set[str]) -> dict[str, tuple[str, str]]:
    """By each further name of a function: its usual name, and the object that defines it."""
    found = {}
    for each in linked:
        names = defaultdict(set)
        for symbol in each.object.symbols():
            if symbol.section and symbol.type in FUNCTIONS:
                names[symbol.section, symbol.value].add(symbol.name)
        for of_one in names.values():
            for usual in of_one & wanted:
                found.update(dict.fromkeys(of_one - {usual}, (usual, each.name)))
    return found


def places(seed: Elf) -> dict[str, set[str]]:
    """By the name of each variable the sections that variables of this name are in."""
    sections, found = [each for each in seed.sections() if each.address], defaultdict(set)
    for symbol in seed.symbols():
        if symbol.type == VARIABLE and symbol.section:
            at = symbol.value
            inside = (s.name for s in sections if s.address <= at < s.address + s.size)
            found[symbol.name].add(next(inside, ""))
    return found

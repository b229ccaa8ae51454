"""What stands in for members of static libraries that are not linked."""

from pathlib import Path

import pytest

from layer.build.executables.declined import members, read, stand_ins
from layer.build.executables.elf import HEADER, SECTION, SYMBOL, Header
from tests.unit.build.inputs.test_deb import ar

GLOBAL, LOCAL = 0x10, 0x00
OBJECT, FUNCTION = 1, 2
NAMES = b"\0.symtab\0.strtab\0"
X86_64, ARM64 = 62, 183


def an_object(*symbols: tuple[str, int, int, int], machine: int = X86_64) -> bytes:
    """An object with symbols: name, type with binding, section, size."""
    texts, rows = b"\0", b""
    for name, info, section, size in symbols:
        rows += SYMBOL.pack(len(texts), info, 0, section, 0, size)
        texts += name.encode() + b"\0"
    at = HEADER.size
    sections = [(0, 0, 0), (0, at, len(NAMES)), (1, at + len(NAMES), len(rows))]
    sections.append((9, at + len(NAMES) + len(rows), len(texts)))
    table = b"".join(SECTION.pack(n, 1, 0, 0, o, s, 0, 0, 0, 0) for n, o, s in sections)
    body = NAMES + rows + texts
    header = Header(b"\x7fELF", 1, machine, 1, 0, 0, at + len(body), 0, at, 0, 0, 64, 4, 1)
    return HEADER.pack(*header) + body + table


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A static library of a long name, a short one, and an index."""
    cipher = an_object(
        ("cipher_start", GLOBAL | FUNCTION, 1, 8),
        ("cipher_table", GLOBAL | OBJECT, 2, 40),
        ("cipher_helper", LOCAL | FUNCTION, 1, 8),
        ("memcpy", GLOBAL, 0, 0),
    )
    index, names = b"\0\0\0\0", b"lib-with-a-long-name-cipher.o/\n"
    made = tmp_path / "lib.a"
    made.write_bytes(
        ar(
            ("/", index),
            ("//", names),
            ("/0", cipher),
            ("kept.o/", an_object(("kept", GLOBAL | FUNCTION, 1, 8))),
        )
    )
    return made


def test_members_are_called_by_their_whole_names(library: Path) -> None:
    """The long ones are in a member of their own."""
    assert [name for name, _ in members(library)] == ["lib-with-a-long-name-cipher", "kept"]


def test_patterns_are_separated_by_white_space() -> None:
    """And explained in comments."""
    assert read("# why: a b\na-* b\n\nc # not d\n") == ["a-*", "b", "c"]


def test_symbols_that_others_may_refer_to_are_defined(library: Path) -> None:
    """Functions return 0, data is as large as the largest; what is another object's is not."""
    code, data = stand_ins([library], ["*-cipher"]).split(".section .bss.declined")
    assert "cipher_start:\n\txorl %eax, %eax\n\tret" in code
    assert "cipher_table:\n\t.zero 40" in data
    for absent in ("cipher_helper", "memcpy", "kept"):
        assert absent not in code + data

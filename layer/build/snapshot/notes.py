"""Where the blocks of a snapshot's heap belong, by what a start does with each.

What a start writes comes first, then what it reads, then large blocks, of which it needs a part,
and last what it leaves alone. So it reads and copies few pages. Within these, like lies beside
like, which compresses better. A first run of the seed has noted all of it.
"""

import struct
from typing import NamedTuple

PAGE = 4096
BLOCK = struct.Struct("<IIII")
HEADER = struct.Struct("<II")
PLACE = struct.Struct("<II")
NOWHERE = 0xFFFFFFFF
GONE, LEFT_ALONE, READ, WRITTEN, LARGE = range(5)


class Block(NamedTuple):
    """A block of the heap, as layer/interpreter/seed.c writes it.

    Attributes:
        size: In bytes.
        alignment: In bytes, a power of two.
        kind: What it is, a number; 0 is anything.
        use: What a start does with it, or GONE when the snapshot is taken.
    """

    size: int
    alignment: int
    kind: int
    use: int


def notes(blocks: bytes) -> bytes:
    """The notes for another seed (layer/interpreter/noted.h).

    Args:
        blocks: All blocks that a seed has asked for, in the order of birth.
    """
    found = list(map(Block._make, BLOCK.iter_unpack(blocks)))
    places, end = placed(found)
    header = HEADER.pack(len(found), end)
    rows = zip(found, places, strict=True)
    return header + b"".join(PLACE.pack(block.size, place) for block, place in rows)


def placed(blocks: list[Block]) -> tuple[list[int], int]:
    """Each block's place, and the end of all."""
    places, at = [NOWHERE] * len(blocks), 0
    parts: dict[int, list[tuple[int, int, int]]] = {}
    for number, block in enumerate(blocks):
        if block.use != GONE:
            parts.setdefault(part_of(block), []).append((block.kind, block.size, number))
    for part in (WRITTEN, READ, LARGE, LEFT_ALONE):
        for _, size, number in sorted(parts.get(part, [])):
            at = rounded(at, blocks[number].alignment)
            places[number] = at
            at += size
        at = rounded(at, PAGE)
    return places, at


def part_of(block: Block) -> int:
    """Which part of the heap it belongs to, or GONE."""
    return LARGE if block.use in (READ, WRITTEN) and block.size > PAGE else block.use


def rounded(at: int, to: int) -> int:
    """The next multiple."""
    return -(-at // to) * to

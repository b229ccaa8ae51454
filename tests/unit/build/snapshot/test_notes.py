"""Where the blocks of a snapshot's heap are put."""

from itertools import pairwise

from layer.build.snapshot.notes import (
    BLOCK,
    GONE,
    HEADER,
    LEFT_ALONE,
    NOWHERE,
    PAGE,
    PLACE,
    READ,
    WRITTEN,
    Block,
    notes,
    placed,
)

BLOCKS = [
    Block(48, 16, 2, LEFT_ALONE),
    Block(64, 16, 0, READ),
    Block(32, 16, 1, WRITTEN),
    Block(16, 16, 0, GONE),
    Block(3 * PAGE, PAGE, 0, WRITTEN),
    Block(32, 16, 1, LEFT_ALONE),
    Block(64, 64, 0, READ),
    Block(48, 16, 2, WRITTEN),
]


def test_page_is_chosen_by_what_a_start_does() -> None:
    """Written, read, large, left alone: each part begins on a page of its own."""
    places, end = placed(BLOCKS)
    pages = [place // PAGE if place != NOWHERE else None for place in places]
    assert pages == [5, 1, 0, None, 2, 5, 1, 0]
    assert end == 6 * PAGE


def test_no_two_blocks_overlap() -> None:
    """And each is aligned as was asked for."""
    places, _ = placed(BLOCKS * 50)
    taken = sorted(
        (place, place + block.size)
        for place, block in zip(places, BLOCKS * 50, strict=True)
        if place != NOWHERE
    )
    assert all(end <= start for (_, end), (start, _) in pairwise(taken))
    assert all(p % b.alignment == 0 for p, b in zip(places, BLOCKS * 50, strict=True) if b.use)


def test_like_lies_beside_like() -> None:
    """By kind, then by size."""
    places, _ = placed([Block(48, 16, 2, 1), Block(32, 16, 1, 1), Block(32, 16, 2, 1)])
    assert places == [64, 0, 32]


def test_notes_hold_each_block_in_the_order_of_birth() -> None:
    """As layer/interpreter/noted.h reads them."""
    found = notes(b"".join(BLOCK.pack(*block) for block in BLOCKS))
    places, end = placed(BLOCKS)
    assert HEADER.unpack_from(found) == (len(BLOCKS), end)
    rows = list(PLACE.iter_unpack(found[HEADER.size :]))
    assert rows == [(block.size, place) for block, place in zip(BLOCKS, places, strict=True)]


def test_notes_are_empty_without_a_start() -> None:
    """Everything is left alone."""
    assert placed([Block(16, 16, 0, LEFT_ALONE)]) == ([0], PAGE)
    assert placed([]) == ([], 0)

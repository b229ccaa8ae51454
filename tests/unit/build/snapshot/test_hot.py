"""The table of the pages of the executable that a start reads."""

import struct

import pytest

from layer.build.executables.elf import LOAD, Segment
from layer.build.snapshot.hot import PAGE, in_file, ranges


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([], []),
        ([3], [(3, 1)]),
        ([3, 4, 5], [(3, 3)]),
        ([3, 5], [(3, 1), (5, 1)]),
        ([3, 6], [(3, 1), (6, 1)]),
    ],
)
def test_pages_become_ranges(pages: list[int], expected: list[tuple[int, int]]) -> None:
    """What lies between is not read."""
    assert ranges(pages, 10) == expected


def test_the_smallest_gaps_close_where_there_would_be_too_many_ranges() -> None:
    """And no page is lost."""
    pages = [1, 10, 14, 30, 33]
    found = ranges(pages, 3)
    assert found == [(1, 1), (10, 5), (30, 4)]
    assert len(ranges(pages, 1)) == 1


def test_a_page_has_the_number_that_it_has_in_the_file() -> None:
    """One that is not in the file has none."""
    loaded = [
        Segment(LOAD, 4, 0, 16 * PAGE, 0, PAGE, PAGE, PAGE),
        Segment(LOAD, 6, 2 * PAGE, 20 * PAGE, 0, 2 * PAGE, 9 * PAGE, PAGE),
    ]
    assert in_file({16, 20, 21, 22, 99}, loaded) == {0, 2, 3}
    assert struct.calcsize("<II") * 511 + 4 == PAGE - 4  # what the launcher reads at most

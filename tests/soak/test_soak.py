"""The soak's quick form: some seconds of what `make soak` does for minutes."""

from pathlib import Path

import pytest

from tests.bench.wrk import program
from tests.languages.language import Unavailable
from tests.rapid.layer import unpack
from tests.soak.endurance import Endurance, Goal
from tests.soak.flatness import courses
from tests.soak.latency import Latency

GOAL = Goal(reads=10_000, refreshes=300, windows=8, seconds=1)
GROWTH = 512.0
"""Kilobytes; in so short a time memory is not warm yet."""
FEW = 8
"""Threads that call AWS, and their connections, of which a busy machine comes to need another one.
What is left behind by each of the refreshes, or the reads, comes to hundreds."""


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """The built layer; skips where there is no wrk to read from it."""
    try:
        program()
    except Unavailable as reason:
        pytest.skip(str(reason))
    return unpack(tmp_path / "opt")


def test_reads_and_refreshes_leave_nothing_behind(layer: Path) -> None:
    """No memory, no descriptors and no threads, and every secret is the newest."""
    endurance = Endurance()
    for _ in endurance.go(layer, GOAL):
        pass
    held = list(courses([window.usage for window in endurance.windows], GROWTH))
    assert [course for course in held if course.growth > max(course.allowed, FEW)] == []
    assert endurance.lines > 0


def test_reads_are_timed_beside_what_disturbs_them_and_without(layer: Path) -> None:
    """What comes of it is a figure, and not judged here."""
    latency = Latency()
    for _ in latency.go(layer, windows=1, seconds=1):
        pass
    assert latency.p99 > 0
    assert latency.ratio > 0

"""Whether what a process holds stays flat."""

import statistics
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.bench.usage import Usage


class Course(NamedTuple):
    """How one thing that a process holds went.

    Attributes:
        what: What it is, with its unit.
        early: How much it was when all was warm: the median of the second quarter.
        late: How much it was in the end: the median of the last quarter.
        allowed: By how much it may have grown.
    """

    what: str
    early: float
    late: float
    allowed: float

    @property
    def growth(self) -> float:
        """By how much it grew; below zero where it shrank."""
        return self.late - self.early

    @property
    def flat(self) -> bool:
        """Whether it grew by no more than it may."""
        return self.growth <= self.allowed


def courses(usages: Sequence[Usage], kilobytes: float) -> Iterator[Course]:
    """How memory, descriptors and threads went.

    Args:
        usages: What was held at equal distances, at least four times; the first quarter warms up.
        kilobytes: By how much resident memory may grow. Descriptors and threads may not at all.

    Raises:
        ValueError: They are too few to say.
    """
    if len(usages) < 4:
        raise ValueError(f"{len(usages)} looks at a process do not show a course: take 4 or more")
    yield _course("RSS, KB", [usage.rss for usage in usages], kilobytes)
    descriptors = [usage.descriptors for usage in usages if usage.descriptors is not None]
    if len(descriptors) == len(usages):
        yield _course("descriptors", descriptors, 0)
    yield _course("threads", [usage.threads for usage in usages], 0)


def _course(what: str, values: Sequence[float], allowed: float) -> Course:
    quarter = len(values) // 4
    early, late = values[quarter : 2 * quarter], values[-quarter:]
    return Course(what, statistics.median(early), statistics.median(late), allowed)

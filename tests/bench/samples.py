"""What was measured, and its statistics."""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple


class Figure(NamedTuple):
    """A median, and the quartiles between which half of the measurements lie."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{number(self.median)} ({number(self.low)}…{number(self.high)})"


class Samples:
    """Measurements by who was measured and what."""

    def __init__(self) -> None:
        self._values: defaultdict[tuple[str, str], list[float]] = defaultdict(list)

    def add(self, label: str, what: str, value: float | None) -> None:
        """Add one measurement; None is none."""
        if value is not None:
            self._values[label, what].append(value)

    def values(self, label: str, what: str) -> tuple[float, ...]:
        """All measurements of one kind, in the order of measurement."""
        return tuple(self._values.get((label, what), ()))

    def figure(self, label: str, what: str) -> Figure | None:
        """The statistics of one kind; None where nothing was measured."""
        values = self._values.get((label, what))
        return figure(values) if values else None

    def median(self, label: str, what: str) -> float | None:
        """The median of one kind; None where nothing was measured."""
        found = self.figure(label, what)
        return found.median if found else None


def figure(values: Iterable[float]) -> Figure:
    """Median and quartiles of at least one value."""
    ordered = sorted(values)
    if len(ordered) == 1:
        return Figure(ordered[0], ordered[0], ordered[0])
    low, median, high = statistics.quantiles(ordered, n=4, method="inclusive")
    return Figure(median, low, high)


def number(value: float) -> str:
    """A number of milliseconds or megabytes, with a decimal below ten."""
    return f"{value:.1f}" if abs(value) < 9.95 else f"{value:.0f}"

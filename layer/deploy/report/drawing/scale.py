"""Scales: where on an axis a figure lies, and which round figures the axis shows."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_MOST = 7  # ticks, so that their labels have room on a phone
_ROUND = (1, 2, 5)  # times a power of ten


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis.

    Attributes:
        ticks: The round figures on it, ascending; it ends with the first and the last.
        log: Whether it is logarithmic.
    """

    ticks: tuple[float, ...]
    log: bool = False

    def share(self, value: float) -> float:
        """Where a figure lies: 0 at the axis' low end, 1 at its high one.

        Args:
            value: A figure; one that is too low for a logarithmic scale lies at its end.
        """
        low, high = self.ticks[0], self.ticks[-1]
        if self.log:
            return math.log(max(value, low) / low) / math.log(high / low)
        return (value - low) / (high - low)


def linear(values: Iterable[float]) -> Scale:
    """A linear scale that holds zero and all of these."""
    shown = (0.0, *values)
    low, high = min(shown), max(shown)
    least = (high - low) / (_MOST - 1) or 1.0
    step = min(mark for mark in _marks(least, least) if mark >= least)
    first, last = math.floor(low / step), math.ceil(high / step)
    return Scale(tuple(number * step for number in range(first, max(last, first + 1) + 1)))


def logarithmic(values: Iterable[float], most: int = _MOST) -> Scale:
    """A logarithmic scale that holds all of these.

    Args:
        values: At least one, and all above zero.
        most: The number of ticks that have room; where more would be good, powers of ten remain.
    """
    shown = tuple(values)
    low, high = min(shown), max(shown)
    marks = _marks(low, high)
    first = max(mark for mark in marks if mark <= low)
    last = min(mark for mark in marks if mark >= high and mark > first)
    ticks = [mark for mark in marks if first <= mark <= last]
    inner = ticks[1:-1] if len(ticks) <= most else filter(_is_power, ticks[1:-1])
    return Scale((first, *inner, last), log=True)


def _marks(low: float, high: float) -> list[float]:
    """The round figures between these and some beyond, ascending."""
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    return [times * 10.0**decade for decade in decades for times in _ROUND]


def _is_power(tick: float) -> bool:
    exponent = math.log10(tick)
    return math.isclose(exponent, round(exponent), abs_tol=1e-9)

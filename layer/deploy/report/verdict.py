"""The verdict on a budget: met or not, and whether the samples leave a doubt."""

import statistics
from dataclasses import dataclass

from .data.ratio import Ratio
from .estimate import Interval, estimate, margin


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a budget stands.

    Attributes:
        met: Whether the medians meet it.
        clear: Whether the whole 95 % interval says the same.
    """

    met: bool
    clear: bool

    @property
    def words(self) -> str:
        """What a reader is told."""
        word = "met" if self.met else "not met"
        return word if self.clear else f"{word}, not certain"


def judge(ratio: Ratio) -> Verdict | None:
    """The verdict on a ratio's budget; None where it has none."""
    if ratio.budget is None:
        return None
    above, interval = _above(ratio, ratio.budget)
    over, under = (above, interval) if ratio.better == "lower" else (-above, _turned(interval))
    met = over <= 0
    if under is None:
        return Verdict(met, clear=False)
    return Verdict(met, clear=under.high <= 0 if met else under.low > 0)


def _above(ratio: Ratio, budget: float) -> tuple[float, Interval | None]:
    """How far ours lies above what the budget allows, in the samples' unit."""
    if ratio.theirs:
        return margin(ratio.ours, ratio.theirs, budget, paired=ratio.paired)
    interval = estimate(ratio.ours).interval
    shifted = Interval(interval.low - budget, interval.high - budget) if interval else None
    return statistics.median(ratio.ours) - budget, shifted


def _turned(interval: Interval | None) -> Interval | None:
    return Interval(-interval.high, -interval.low) if interval else None

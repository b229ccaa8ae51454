"""Statistics: a median, how far the samples range, and how well the median is known.

The interval is the percentile bootstrap's: the samples are drawn anew with replacement, some
thousand times, and between the bounds lie the middle 95 % of the medians that come of it. The
generator is seeded, so that the same samples always have the same interval.
"""

import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

RESAMPLES = 2000
FEWEST = 6
"""So many samples an interval takes: of five, even the whole range misses the median in 1 of 16."""

_SEED = 1
_CUTS = 40  # of which the first and the last leave 2.5 % outside


class Interval(NamedTuple):
    """What probably, to 95 %, holds the true value."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What some samples say.

    Attributes:
        n: How many there are.
        median: Their median.
        low: The least of them.
        high: The greatest.
        interval: Of the median; None where there are too few samples for one.
    """

    n: int
    median: float
    low: float
    high: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Quotient:
    """A ratio of two medians.

    Attributes:
        value: The ratio.
        interval: Where it lies; None where there are too few samples, or theirs come so close to
            zero that any ratio is possible.
    """

    value: float
    interval: Interval | None


@lru_cache(maxsize=4096)
def estimate(samples: tuple[float, ...]) -> Estimate:
    """What at least one sample says."""
    medians = [median for (median,) in _resampled((samples,), paired=False)]
    interval = _middle(medians) if medians else None
    return Estimate(len(samples), statistics.median(samples), min(samples), max(samples), interval)


@lru_cache(maxsize=1024)
def quotient(
    ours: tuple[float, ...], theirs: tuple[float, ...], *, paired: bool
) -> Quotient | None:
    """Our median as a share of theirs; None where theirs is not above zero.

    Args:
        ours: Samples, at least one.
        theirs: The same of the alternative that is compared with.
        paired: Whether they were taken in pairs, and are drawn so.
    """
    median = statistics.median(theirs)
    if median <= 0:
        return None
    medians = list(_resampled((ours, theirs), paired=paired))
    usable = medians and min(below for _, below in medians) > 0
    interval = _middle([above / below for above, below in medians]) if usable else None
    return Quotient(statistics.median(ours) / median, interval)


@lru_cache(maxsize=1024)
def margin(
    ours: tuple[float, ...], theirs: tuple[float, ...], share: float, *, paired: bool
) -> tuple[float, Interval | None]:
    """How far our median lies above a share of theirs, and the interval of that.

    Args:
        ours: Samples, at least one.
        theirs: The same of the alternative that is compared with.
        share: What theirs is multiplied with.
        paired: Whether they were taken in pairs, and are drawn so.
    """
    medians = _resampled((ours, theirs), paired=paired)
    margins = [mine - share * other for mine, other in medians]
    value = statistics.median(ours) - share * statistics.median(theirs)
    return value, _middle(margins) if margins else None


def differences(with_it: Sequence[float], without: Sequence[float]) -> tuple[float, ...]:
    """What something adds, round by round.

    Args:
        with_it: One sample of each round.
        without: One of the same rounds, in the same order.

    Raises:
        ValueError: They are not as many.
    """
    return tuple(more - less for more, less in zip(with_it, without, strict=True))


def _resampled(groups: Sequence[Sequence[float]], *, paired: bool) -> Iterator[tuple[float, ...]]:
    """The medians of groups that are drawn anew; none where a group is too small."""
    if min(map(len, groups)) < FEWEST:
        return
    generator = random.Random(_SEED)  # noqa: S311 - a simulation, which is to be repeatable
    for _ in range(RESAMPLES):
        yield tuple(map(statistics.median, _drawn(groups, generator, paired=paired)))


def _drawn(
    groups: Sequence[Sequence[float]], generator: random.Random, *, paired: bool
) -> Iterator[list[float]]:
    if paired:
        rounds = generator.choices(range(len(groups[0])), k=len(groups[0]))
        yield from ([group[number] for number in rounds] for group in groups)
    else:
        yield from (generator.choices(group, k=len(group)) for group in groups)


def _middle(values: Sequence[float]) -> Interval:
    cuts = statistics.quantiles(values, n=_CUTS, method="inclusive")
    least, greatest = min(values), max(values)  # which rounding must not carry the cuts beyond
    low, high = (min(max(cut, least), greatest) for cut in (cuts[0], cuts[-1]))
    return Interval(low, high)

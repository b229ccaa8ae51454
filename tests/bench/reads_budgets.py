"""The budgets of warm reads. Figures, never tests."""

from collections.abc import Iterator
from typing import NamedTuple

from tests.bench.memory import AFTER, FRESH, GROWTH
from tests.bench.reads_loads import HIT, ONE, SIXTEEN, SIXTY_FOUR
from tests.bench.reads_server import GO, OURS
from tests.bench.samples import Samples, number

RATES = {ONE: 10, SIXTEEN: 80, SIXTY_FOUR: 80}
"""Thousands of reads a second, at least."""
LATENCIES = {ONE: 500, SIXTEEN: 1000, SIXTY_FOUR: 2000}
"""Microseconds that 99 of 100 reads take at most."""
HIT_LIMIT = 1.0
"""Microseconds."""
MEMORY = 18.0
"""Megabytes of resident memory."""
NO_GROWTH = 0.1
"""Megabytes: some pages come and go."""


class Verdict(NamedTuple):
    """How one budget stands.

    Attributes:
        what: What it is about, with its unit.
        sign: `≥` or `≤`.
        limit: What it may be; None where whom it is held against was not measured.
        got: What it was; None likewise.
    """

    what: str
    sign: str
    limit: float | None
    got: float | None

    @property
    def word(self) -> str:
        """Whether it is met."""
        if self.limit is None or self.got is None:
            return "not measured"
        met = self.got >= self.limit if self.sign == "≥" else self.got <= self.limit
        return "met" if met else "NOT MET"

    def cells(self) -> tuple[str, str, str, str]:
        """What a table says of it."""
        limit = "-" if self.limit is None else f"{self.sign} {number(self.limit)}"
        got = "-" if self.got is None else _precise(self.got)
        return self.what, limit, got, self.word


def verdicts(samples: Samples) -> Iterator[Verdict]:
    """Every budget, in the order of the table."""
    for load, rate in RATES.items():
        ours = samples.median(OURS, f"{load}: rate")
        theirs = samples.median(GO, f"{load}: rate")
        yield Verdict(f"{load}, thousand reads/s", "≥", rate, ours)
        yield Verdict(f"{load}, ahead of {GO}", "≥", theirs, ours)
    for load, latency in LATENCIES.items():
        ours = samples.median(OURS, f"{load}: p99")
        yield Verdict(f"{load}, p99, µs", "≤", latency, ours)
    yield Verdict("`warmkey.get()` again, µs", "≤", HIT_LIMIT, samples.median(OURS, HIT))
    yield Verdict("RSS after the prefetch, MB", "≤", MEMORY, samples.median(OURS, FRESH))
    yield Verdict("RSS after a million reads, MB", "≤", MEMORY, samples.median(OURS, AFTER))
    yield Verdict("its growth over them, MB", "≤", NO_GROWTH, samples.median(OURS, GROWTH))


def _precise(value: float) -> str:
    """A figure, with two decimals below one."""
    return f"{value:.2f}" if abs(value) < 1 else number(value)

"""The budgets of warm reads."""

from collections.abc import Iterator

from tests.bench.reads.loads import HIT, ONE, SIXTEEN, SIXTY_FOUR
from tests.bench.reads.memory import AFTER, FRESH, GROWTH
from tests.bench.reads.server import GO, OURS
from tests.bench.samples import Samples
from tests.bench.verdict import Verdict

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

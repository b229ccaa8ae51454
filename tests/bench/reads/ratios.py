"""The ratios of warm reads, with their budgets, and the budgets of memory."""

from collections.abc import Iterator

from tests.bench.reads.loads import HIT, LOADS, ONE, SIXTEEN, SIXTY_FOUR
from tests.bench.reads.memory import AFTER, FRESH, GROWTH
from tests.bench.reads.server import AGENT, GO, OURS, OURS_AS_AGENT
from tests.bench.samples import Samples
from warmkey.deploy.report import Ratio

RATES = {ONE: 10.0, SIXTEEN: 80.0, SIXTY_FOUR: 80.0}
"""Thousands of reads a second, at least."""
LATENCIES = {ONE: 500.0, SIXTEEN: 1000.0, SIXTY_FOUR: 2000.0}
"""Microseconds that 99 of 100 reads take at most."""
RATES_AGAINST_AGENT = {SIXTEEN: 1.5}
LATENCIES_AGAINST_AGENT = {SIXTEEN: 0.2}
HIT_LIMIT = 1.0
"""Microseconds."""
MEMORY = 6.0
"""Mebibytes of resident memory."""
NO_GROWTH = 0.1
"""Mebibytes: some pages come and go."""


def ratios(samples: Samples) -> Iterator[Ratio]:
    """All that have samples of both sides, in the order of the table."""
    for load in LOADS:
        yield from _rates(samples, load)
    for load in LOADS:
        yield from _latencies(samples, load)
    yield from _fixed("`warmkey.get()` again", "µs", samples.values(OURS, HIT), HIT_LIMIT)
    yield from _fixed("RSS after the prefetch", "MiB", samples.values(OURS, FRESH), MEMORY)
    yield from _fixed("RSS after a million reads", "MiB", samples.values(OURS, AFTER), MEMORY)
    yield from _fixed("its growth over them", "MiB", samples.values(OURS, GROWTH), NO_GROWTH)


def _rates(samples: Samples, load: str) -> Iterator[Ratio]:
    """Rates in reads a second."""
    title, unit = f"warm reads, {load}", "reads/s"

    def rates(label: str) -> tuple[float, ...]:
        return tuple(1000 * rate for rate in samples.values(label, f"{load}: rate"))

    if load in RATES and rates(OURS):
        yield Ratio(title, unit, rates(OURS), better="higher", budget=1000 * RATES[load])
    for ours, theirs, budget in (
        (OURS, GO, 1.0 if load in RATES else None),
        (OURS_AS_AGENT, AGENT, RATES_AGAINST_AGENT.get(load)),
    ):
        if rates(ours) and rates(theirs):
            yield Ratio(
                title,
                unit,
                rates(ours),
                theirs,
                rates(theirs),
                paired=True,
                better="higher",
                budget=budget,
                headline=load == SIXTEEN,
            )


def _latencies(samples: Samples, load: str) -> Iterator[Ratio]:
    title, what = f"p99 of warm reads, {load}", f"{load}: p99"
    if load in LATENCIES:
        yield from _fixed(title, "µs", samples.values(OURS, what), LATENCIES[load])
    ours, theirs = samples.values(OURS_AS_AGENT, what), samples.values(AGENT, what)
    if ours and theirs:
        budget = LATENCIES_AGAINST_AGENT.get(load)
        yield Ratio(title, "µs", ours, AGENT, theirs, paired=True, budget=budget)


def _fixed(title: str, unit: str, ours: tuple[float, ...], limit: float) -> Iterator[Ratio]:
    if ours:
        yield Ratio(title, unit, ours, budget=limit)

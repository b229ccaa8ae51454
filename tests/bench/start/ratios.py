"""The ratios of a run of starts, with the budgets of those that have one."""

from collections.abc import Iterator

from tests.bench.functions import LABELS
from tests.bench.peers import FLOOR, GO, LEAN_GO, OURS
from tests.bench.samples import Samples
from tests.bench.start.condition import COLD, CONDITIONS, LATE, WARM
from tests.bench.start.run import INIT_CONDITIONS, NOBODY
from warmkey.deploy.report import Ratio, differences

_SECRET = {WARM: 0.30, COLD: 0.35, LATE: 0.65}
_CPU = {WARM: 0.24, COLD: 0.25}
_ADDED = 0.4
_ABOVE_FLOOR = 5.0  # ms
_READ = 5.5  # MB
_RSS = 6.0  # MiB


def ratios(samples: Samples) -> Iterator[Ratio]:
    """All that have samples of both sides, in the order of the table."""
    for condition in (WARM, COLD):
        what = f"registered, {condition.name}"
        yield from _against(samples, f"exec → register, {condition.name}", what, FLOOR, 1.0)
    for peer, budgets in ((GO, _SECRET), (LEAN_GO, {})):
        for condition in CONDITIONS:
            what, budget = f"secret, {condition.name}", budgets.get(condition)
            title = f"secret in hand, {condition.name}"
            yield from _against(samples, title, what, peer, budget, headline=condition is COLD)
    for peer, budgets in ((GO, _CPU), (LEAN_GO, {})):
        for condition in (WARM, COLD):
            what, budget = f"cpu, {condition.name}", budgets.get(condition)
            yield from _against(samples, f"CPU, {condition.name}", what, peer, budget)
    yield from _fixed("read from disk, cold", "MB", samples.values(OURS, "read, cold"), _READ)
    yield from _fixed("RSS", "MiB", samples.values(OURS, "rss, warm"), _RSS)
    for function in LABELS:
        for name in (f"{function}, {condition.name}" for condition in INIT_CONDITIONS):
            yield from _added(samples, name)


def added(samples: Samples, label: str, what: str) -> tuple[float, ...]:
    """What an extension adds to INIT, round by round, in milliseconds.

    Args:
        samples: What was measured.
        label: The extension's.
        what: Which INIT, e.g. `Python, warm`.
    """
    with_it, without = (samples.values(each, f"INIT, {what}") for each in (label, NOBODY))
    return differences(with_it, without) if with_it else ()


def _against(
    samples: Samples,
    title: str,
    what: str,
    peer: str,
    budget: float | None,
    *,
    headline: bool = False,
) -> Iterator[Ratio]:
    ours, theirs = samples.values(OURS, what), samples.values(peer, what)
    yield from _paired(title, ours, peer, theirs, budget, headline=headline and peer == GO)


def _added(samples: Samples, what: str) -> Iterator[Ratio]:
    """Against what the plain Go extension adds, and in milliseconds beyond the C floor."""
    ours, theirs = added(samples, OURS, what), added(samples, GO, what)
    yield from _paired(f"added to INIT, {what}", ours, GO, theirs, _ADDED)
    floor = samples.values(FLOOR, f"INIT, {what}")
    if floor:
        beyond = differences(samples.values(OURS, f"INIT, {what}"), floor)
        yield from _fixed(f"INIT beyond the C floor's, {what}", "ms", beyond, _ABOVE_FLOOR)


def _paired(
    title: str,
    ours: tuple[float, ...],
    peer: str,
    theirs: tuple[float, ...],
    budget: float | None,
    *,
    headline: bool = False,
) -> Iterator[Ratio]:
    if ours and theirs:
        yield Ratio(title, "ms", ours, peer, theirs, paired=True, budget=budget, headline=headline)


def _fixed(title: str, unit: str, ours: tuple[float, ...], limit: float) -> Iterator[Ratio]:
    if ours:
        yield Ratio(title, unit, ours, budget=limit)

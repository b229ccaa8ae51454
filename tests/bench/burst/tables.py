"""The tables of a run of bursts."""

import math
from collections.abc import Iterator, Mapping, Sequence

from tests.bench import verdict
from tests.bench.burst.run import Burst
from tests.bench.table import Table
from tests.bench.verdict import Verdict

LIMIT = 10.0
"""Seconds in which all have succeeded."""

_HEADER = ("", "succeeded", "first", "half", "90 %", "99 %", "last", "calls", "throttled")


def tables(bursts: Sequence[Burst], models: Mapping[str, Sequence[float]]) -> Iterator[Table]:
    """A row for each burst, and for each of the model; then the budget.

    Args:
        bursts: What was measured.
        models: Seconds of each start, ascending, by what the row is called.
    """
    measured = [
        (
            *(f"burst {number}", f"{len(each.times)} of {each.starts}", *_distribution(each.times)),
            *(str(each.calls), str(each.throttled)),
        )
        for number, each in enumerate(bursts, 1)
    ]
    counted = [
        (name, str(len(times)), *_distribution(times), "-", "-") for name, times in models.items()
    ]
    title = "From the start until the secret is in hand, s"
    yield Table(title, _HEADER, (*measured, *counted))
    yield verdict.table("Budget", [judged(bursts)])


def judged(bursts: Sequence[Burst]) -> Verdict:
    """Whether all have succeeded in time, in every burst."""
    lost = any(len(each.times) < each.starts for each in bursts)
    slowest = math.inf if lost else max(each.times[-1] for each in bursts)
    return Verdict("all succeed, s", "≤", LIMIT, slowest)


def _distribution(times: Sequence[float]) -> tuple[str, ...]:
    """The first, the last and some between, in seconds."""
    if not times:
        return ("-",) * 5
    shares = (0, 0.5, 0.9, 0.99, 1)
    return tuple(f"{times[round(share * (len(times) - 1))]:.2f}" for share in shares)

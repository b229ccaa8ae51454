"""The table of a run of bursts, and whether the budget is met."""

from collections.abc import Mapping, Sequence

from tests.bench.burst_run import Burst
from tests.bench.tables import Table

LIMIT = 10.0
"""Seconds in which all have succeeded."""

_HEADER = ("", "succeeded", "first", "half", "90 %", "99 %", "last", "calls", "throttled")


def table(bursts: Sequence[Burst], models: Mapping[str, Sequence[float]]) -> Table:
    """A row for each burst, and for each of the model.

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
    return Table(title, _HEADER, (*measured, *counted))


def verdict(bursts: Sequence[Burst]) -> str:
    """How the budget stands, in a sentence."""
    all_succeeded = all(len(each.times) == each.starts for each in bursts)
    met = all_succeeded and all(each.times[-1] <= LIMIT for each in bursts)
    return f"Budget: all succeed within {LIMIT:g} s: {'met' if met else 'NOT MET'}."


def _distribution(times: Sequence[float]) -> tuple[str, ...]:
    """The first, the last and some between, in seconds."""
    if not times:
        return ("-",) * 5
    shares = (0, 0.5, 0.9, 0.99, 1)
    return tuple(f"{times[round(share * (len(times) - 1))]:.2f}" for share in shares)

"""The result: what was measured, as a table on a terminal."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.table import Table

from ...output import console
from ...report import differences
from ...report.drawing import quantity
from ...report.estimate import estimate
from ..price import dollars
from ..starts.start import Start
from ..target.original import Original
from .measured import Measured


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that is measured of each start.

    Attributes:
        name: What to call it.
        unit: Its unit.
        of: Takes it out of a start.
    """

    name: str
    unit: str
    of: Callable[[Start], float]


def figures(original: Original) -> Mapping[str, Figure]:
    """What is measured: `init`, `handler`, `total`, `billed` and `memory`."""
    begin = "restore" if original.snap_start else "init"
    return {
        "init": Figure(begin, "ms", lambda start: start.init),
        "handler": Figure("handler", "ms", lambda start: start.handler),
        "total": Figure(f"{begin} and handler", "ms", lambda start: start.total),
        "billed": Figure("billed", "ms", lambda start: start.billed),
        "memory": Figure("memory used", "MB", lambda start: start.memory_used),
    }


def table(measured: Measured) -> Table:
    """Medians with quartiles, and what the layer adds with its 95 % interval."""
    header = ("median (quartiles)", "without the layer", "with the layer", "difference (95 %)")
    made = console.table(*header)
    rounds = measured.rounds
    for figure in figures(measured.original).values():
        without, with_it = rounds.of("without", figure.of), rounds.of("with", figure.of)
        added = estimate(differences(with_it, without))
        interval = f" ({quantity.between(added.interval)})" if added.interval else ""
        made.add_row(
            f"{figure.name}, {figure.unit}",
            _described(without),
            _described(with_it),
            f"{quantity.number(added.median)}{interval}",
        )
    return made


def remarks(measured: Measured) -> list[str]:
    """What else happened, and what it cost."""
    tally = measured.tally
    cost = measured.original.tariff.cost(tally.invocations, tally.billed)
    told = [f"{tally.invocations} invocations, {tally.billed / 1000:.1f} s billed: {dollars(cost)}"]
    if tally.warm:
        told.append(f"{tally.warm} of them were repeated: not cold, or their log did not say")
    if tally.errors:
        told.append(f"{tally.errors} of them ended with an error in the handler")
    return told


def _described(samples: tuple[float, ...]) -> str:
    """`212 (208 … 219)`: the median, and between which figures the middle half lies."""
    low, _, high = statistics.quantiles(samples, n=4, method="inclusive")
    median = quantity.number(statistics.median(samples))
    return f"{median} ({quantity.between((low, high))})"

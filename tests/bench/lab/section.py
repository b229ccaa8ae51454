"""The lab's section of the page of results."""

from collections.abc import Iterator
from textwrap import fill

from tests.bench.lab.experiments import COUNTED
from tests.bench.page import Section
from tests.bench.ratio_table import ratio_table
from tests.bench.samples import number
from tests.bench.table import Table
from warmkey.deploy.report import Bench, Experiment
from warmkey.deploy.report.estimate import estimate

_WIDTH = 100
_HEADING = "What functions pay for their secrets"

_NOTES = """\
Medians. In parentheses: the 95 % confidence interval of the median (percentile bootstrap) and,
after the semicolon, the smallest and the largest sample."""


def section(bench: Bench, rounds: int, on: str) -> Section:
    """The section.

    Args:
        bench: What was measured.
        rounds: How many rounds count.
        on: The machine, in one line.
    """
    return Section(
        heading=_HEADING,
        ran=f"`{bench.command}`, {rounds} rounds",
        on=on,
        notes="\n\n".join((*(fill(paragraph, _WIDTH) for paragraph in bench.method), _NOTES)),
        tables=tuple(tables(bench)),
        left_out=bench.footnotes,
    )


def tables(bench: Bench) -> Iterator[Table]:
    """A table for the ratios, and one for each experiment."""
    if bench.ratios:
        yield ratio_table(bench.ratios)
    for experiment in bench.experiments:
        title = f"{experiment.title}, by {experiment.varies}, {experiment.unit}"
        yield Table(title, ("", *experiment.points), tuple(_rows(experiment)))


def _rows(experiment: Experiment) -> Iterator[tuple[str, ...]]:
    for series in experiment.series:
        yield (series.label, *(_figure(each, experiment.unit) for each in series.samples))


def _figure(samples: tuple[float, ...], unit: str) -> str:
    if not samples:
        return "-"
    found = estimate(samples)
    if unit == COUNTED and found.low == found.high:
        return f"{found.median:.0f}"
    ends = f"{number(found.low)}…{number(found.high)}"
    known = (
        f"{number(found.interval.low)}…{number(found.interval.high)}; " if found.interval else ""
    )
    return f"{number(found.median)} ({known}{ends})"

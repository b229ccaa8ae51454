"""The table of ratios: Warmkey against others of the same run, with intervals and verdicts."""

from collections.abc import Callable, Iterable

from tests.bench.table import Table
from warmkey.deploy.report import Ratio
from warmkey.deploy.report.drawing.quantity import between, number, share, tick
from warmkey.deploy.report.estimate import Interval, estimate, quotient
from warmkey.deploy.report.verdict import judge

NOTE = (
    "Ratios are of medians; in parentheses, the 95 % confidence interval (percentile bootstrap of "
    "whole rounds). Whether a budget is met is not certain where the interval includes the limit."
)
"""What a reader has to know of it."""


def ratio_table(ratios: Iterable[Ratio], title: str = "Ratios of medians") -> Table:
    """The table of a run's ratios and budgets.

    Args:
        ratios: In the order of the table.
        title: Its title.
    """
    header = ("Warmkey against", "", "ratio", "budget", "")
    return Table(title, header, tuple(map(_row, ratios)))


def _row(ratio: Ratio) -> tuple[str, ...]:
    verdict = judge(ratio)
    limit = "" if ratio.budget is None else tick(ratio.budget)
    sign = "≤" if ratio.better == "lower" else "≥"
    budget = f"{sign} {limit}" if limit else "-"
    against = ratio.against or "a fixed limit"
    return ratio.what, against, _found(ratio), budget, verdict.words if verdict else ""


def _found(ratio: Ratio) -> str:
    """The ratio or, against a fixed limit, the median; a dash where theirs is not above zero."""
    if not ratio.theirs:
        alone = estimate(ratio.ours)
        return f"{number(alone.median)} {ratio.unit}{_reach(alone.interval, number)}"
    found = quotient(ratio.ours, ratio.theirs, paired=ratio.paired)
    return f"{share(found.value)}{_reach(found.interval, share)}" if found else "-"


def _reach(interval: Interval | None, write: Callable[[float], str]) -> str:
    return f" ({between(interval, write)})" if interval else ""

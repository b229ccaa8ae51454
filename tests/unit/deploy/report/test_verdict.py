"""Verdicts on budgets."""

import pytest

from tests.fakes.bench import measured
from warmkey.deploy.report.data.ratio import Ratio
from warmkey.deploy.report.verdict import Verdict, judge

(OURS,), (THEIRS,) = measured(23), measured(32)


def test_a_ratio_without_a_budget_has_no_verdict() -> None:
    """Some ratios are only told."""
    assert judge(Ratio("secret", "ms", OURS, "Go", THEIRS)) is None


@pytest.mark.parametrize(
    ("budget", "met"), [(0.95, True), (0.5, False)], ids=["well within", "far beyond"]
)
def test_a_share_of_somebody_else_is_kept_or_not(budget: float, met: bool) -> None:
    """At most so much of theirs."""
    assert judge(Ratio("secret", "ms", OURS, "Go", THEIRS, budget=budget)) == Verdict(met, True)


@pytest.mark.parametrize(("budget", "met"), [(30, True), (15, False)])
def test_a_fixed_limit_is_kept_or_not(budget: float, met: bool) -> None:
    """At most so much."""
    assert judge(Ratio("CPU", "ms", OURS, budget=budget)) == Verdict(met, True)


@pytest.mark.parametrize(("budget", "met"), [(1.2, True), (1.6, False)])
def test_a_budget_where_higher_is_better_is_a_least(budget: float, met: bool) -> None:
    """Reads per second."""
    ratio = Ratio("reads", "reads/s", THEIRS, "Go", OURS, better="higher", budget=budget)
    assert judge(ratio) == Verdict(met, True)


def test_a_verdict_that_the_samples_leave_open_is_not_certain() -> None:
    """The interval reaches beyond the limit."""
    verdict = judge(Ratio("secret", "ms", OURS, budget=23.5))
    assert verdict is not None
    assert verdict.words in {"met, not certain", "not met, not certain"}


def test_few_samples_make_nothing_certain() -> None:
    """However clear they look."""
    assert judge(Ratio("RSS", "MB", (11.6, 11.7), budget=18)) == Verdict(True, clear=False)


def test_a_budget_beside_a_negative_figure_is_judged_without_a_ratio() -> None:
    """With a floor that seems to add less than nothing there is no ratio, but there is a limit."""
    floor = tuple(-each for each in THEIRS)
    assert judge(Ratio("added", "ms", OURS, "C floor", floor, budget=1)) == Verdict(False, True)

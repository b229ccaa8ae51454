"""Statistics, budgets and tables of the start benchmark."""

from tests.bench.peers import FLOOR, GO, OURS
from tests.bench.samples import Samples, figure
from tests.bench.start.budgets import verdicts
from tests.bench.start.tables import tables


def test_a_figure_is_a_median_with_quartiles() -> None:
    """One outlier moves neither."""
    assert figure([3, 1, 2, 5, 1000]) == (3, 2, 5)


def test_a_single_measurement_is_its_own_range() -> None:
    """As in a run of one round."""
    assert figure([7]) == (7, 7, 7)


def test_numbers_below_ten_have_a_decimal() -> None:
    """Above it a tenth of a millisecond says nothing."""
    assert str(figure([0.34, 9.96, 120.2])) == "10 (5.2…65)"


def test_a_budget_is_met_at_its_limit() -> None:
    """No later than the C floor is in time."""
    samples = Samples()
    samples.add(FLOOR, "registered warm", 1.0)
    samples.add(OURS, "registered warm", 1.0)
    assert next(verdicts(samples)).word == "met"


def test_a_budget_is_a_share_of_what_the_go_extension_takes() -> None:
    """A quarter below it on a warm page cache would do, a tenth does not."""
    samples = Samples()
    samples.add(GO, "Python two cores warm", 10)
    samples.add(OURS, "Python two cores warm", 9)
    (verdict,) = (each for each in verdicts(samples) if each.what == "added to INIT, Python, warm")
    assert verdict.cells() == (verdict.what, "≤ 8.0 (0.8 of plain Go)", "9.0", "NOT MET")


def test_what_was_not_measured_is_not_judged() -> None:
    """Where there is no Go, say, or no namespaces."""
    assert {verdict.word for verdict in verdicts(Samples())} == {"not measured"}


def test_the_tables_have_a_row_for_everyone() -> None:
    """And a dash for what was not measured."""
    first, *_ = tables(Samples(), [FLOOR, OURS])
    assert first.rows == ((FLOOR, *"-----"), (OURS, *"-----"))


def test_a_table_is_written_as_markdown() -> None:
    """With its title above it."""
    first, *_ = tables(Samples(), [OURS])
    title, _, header, rule, row = first.markdown().splitlines()
    assert title == "**From exec, ms**"
    assert header.startswith("|  | register, warm |")
    assert rule == "| --- |" + " ---: |" * 5
    assert row == f"| {OURS} |" + " - |" * 5

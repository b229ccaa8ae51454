"""Statistics, ratios, budgets and tables of the start benchmark."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench.functions import LABELS
from tests.bench.peers import FLOOR, GO, LEAN_GO, OURS
from tests.bench.pictures import draw_comparison
from tests.bench.ratio_table import ratio_table
from tests.bench.samples import Samples, figure
from tests.bench.start.ratios import added, ratios
from tests.bench.start.report import report
from tests.bench.start.run import NOBODY
from tests.bench.start.tables import tables
from warmkey.deploy.report import Bench, Ratio

ROUNDS = 12
WHEN = datetime(2026, 11, 30, tzinfo=UTC)


def measured(**by_label: dict[str, float]) -> Samples:
    """Samples of a run in which the same was measured in each round, give or take a tenth."""
    samples = Samples()
    for label, figures in by_label.items():
        for what, value in figures.items():
            for number in range(ROUNDS):
                samples.add(NAMES[label], what, value + (number - ROUNDS / 2) / 100)
    return samples


NAMES = {"ours": OURS, "go": GO, "lean": LEAN_GO, "floor": FLOOR, "nobody": NOBODY}


def row(samples: Samples, what: str, against: str) -> tuple[str, ...]:
    """The table's row of one ratio, without what tells it from others."""
    (found,) = (each for each in ratio_table(ratios(samples)).rows if each[:2] == (what, against))
    return found[2:]


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
    samples = measured(ours={"registered, warm": 1.0}, floor={"registered, warm": 1.0})
    assert row(samples, "exec → register, warm", FLOOR)[1:] == ("≤ 1", "met")


@pytest.mark.parametrize(
    ("what", "title", "budget"),
    [
        ("secret, warm", "secret in hand, warm", 0.30),
        ("secret, cold", "secret in hand, cold", 0.35),
        ("secret, answer after 30 ms", "secret in hand, answer after 30 ms", 0.65),
        ("cpu, warm", "CPU, warm", 0.24),
        ("cpu, cold", "CPU, cold", 0.25),
    ],
)
def test_a_budget_is_a_share_of_what_plain_go_takes(what: str, title: str, budget: float) -> None:
    """A hundredth of it above that share is too much."""
    for share, verdict in ((budget - 0.01, "met"), (budget + 0.01, "not met")):
        samples = measured(ours={what: 100 * share}, go={what: 100})
        ratio, limit, word = row(samples, title, GO)
        assert ratio.startswith(f"{share:.2f} (")
        assert (limit, word) == (f"≤ {budget:g}", verdict)


def test_lean_go_is_told_without_a_budget() -> None:
    """Nor has every condition one against plain Go."""
    samples = measured(ours={"secret, warm": 10.0}, lean={"secret, warm": 20.0})
    assert row(samples, "secret in hand, warm", LEAN_GO)[1:] == ("-", "")


@pytest.mark.parametrize("function", LABELS)
def test_time_added_to_init_is_a_share_of_that_of_plain_go(function: str) -> None:
    """In the same round: 8 ms of its 30 are met, 14 are not."""
    what = f"{function}, one core, cold"
    for ours, verdict in ((58.0, "met"), (64.0, "not met")):
        samples = measured(
            ours={f"INIT, {what}": ours},
            go={f"INIT, {what}": 80.0},
            nobody={f"INIT, {what}": 50.0},
        )
        assert added(samples, OURS, what) == pytest.approx([ours - 50] * ROUNDS)
        assert row(samples, f"added to INIT, {what}", GO)[1:] == ("≤ 0.4", verdict)


def test_init_may_take_five_milliseconds_more_than_with_the_c_floor() -> None:
    """As a median of the rounds' differences."""
    for ours, verdict in ((56.0, "met"), (58.0, "not met")):
        samples = measured(
            ours={"INIT, Go, warm": ours},
            floor={"INIT, Go, warm": 52.0},
            nobody={"INIT, Go, warm": 50.0},
        )
        found, *judged = row(samples, "INIT beyond the C floor's, Go, warm", "a fixed limit")
        assert found.startswith(f"{ours - 52:.1f} ms (")
        assert judged == ["≤ 5", verdict]


@pytest.mark.parametrize(
    ("what", "title", "limit"),
    [("read, cold", "read from disk, cold", 5.5), ("rss, warm", "RSS", 6.0)],
)
def test_some_limits_are_fixed(what: str, title: str, limit: float) -> None:
    """Whoever else is measured."""
    assert row(measured(ours={what: limit - 0.2}), title, "a fixed limit")[2] == "met"
    assert row(measured(ours={what: limit + 0.2}), title, "a fixed limit")[2] == "not met"


def test_a_verdict_that_the_rounds_do_not_agree_on_is_not_certain() -> None:
    """The median meets it, and the interval does not."""
    ratio = Ratio("a", "ms", (1, 1, 1, 4, 1, 1, 4, 4), "b", (10,) * 8, paired=True, budget=0.2)
    assert ratio_table([ratio]).rows[0][4] == "met, not certain"


def test_a_ratio_to_what_adds_nothing_is_a_dash() -> None:
    """But whether ours is below its share is known."""
    ratio = Ratio("a", "ms", (1.0,) * 8, "b", (-1.0,) * 8, paired=True, budget=0.4)
    assert ratio_table([ratio]).rows[0][2:] == ("-", "≤ 0.4", "not met")


def test_missing_measurement_has_no_ratio() -> None:
    """Where there is no Go, say, or no namespaces."""
    assert list(ratios(Samples())) == []
    assert (
        list(
            ratios(
                measured(
                    ours={"secret, warm": 1, "INIT, Go, warm": 1}, nobody={"INIT, Go, warm": 1}
                )
            )
        )
        == []
    )


def test_the_tables_have_a_row_for_everyone() -> None:
    """And a dash for what was not measured."""
    *all_but_ratios, last = tables(Samples(), [FLOOR, OURS])
    for table in all_but_ratios:
        dashes = ["-"] * (len(table.header) - 1)
        assert table.rows == ((FLOOR, *dashes), (OURS, *dashes))
    assert last.rows == ()


def test_a_table_is_written_as_markdown() -> None:
    """With its title above it."""
    first, *_ = tables(Samples(), [OURS])
    title, _, header, rule, row = first.markdown().splitlines()
    assert title == "**From exec, ms**"
    assert header.startswith("|  | register, warm |")
    assert rule == "| --- |" + " ---: |" * 5
    assert row == f"| {OURS} |" + " - |" * 5


def test_the_report_can_take_it_in() -> None:
    """Also where only some conditions were measured, and no function."""
    samples = measured(ours={"secret, warm": 10.0}, go={"secret, warm": 30.0})
    bench = report(samples, [OURS, GO, FLOOR], WHEN, (("processor", "one"),), ["a"], ["b"])
    assert Bench.from_json(bench.to_json()) == bench
    (experiment,) = bench.experiments
    assert [series.label for series in experiment.series] == [OURS, GO]
    assert bench.ratios[0].budget == 0.30


def test_the_picture_shows_everyone_who_serves_a_secret(tmp_path: Path) -> None:
    """In the folder of the documentation's pictures."""
    samples = measured(
        ours={"secret, warm": 10.0}, go={"secret, warm": 30.0}, floor={"registered, warm": 1.0}
    )
    bench = report(samples, [OURS, GO, FLOOR], WHEN, (), ["a"], [])
    draw_comparison(bench, "start.svg", tmp_path / "pictures")
    drawn = (tmp_path / "pictures/start.svg").read_text("utf-8")
    assert f">{OURS}<" in drawn
    assert f">{GO}<" in drawn
    assert FLOOR not in drawn

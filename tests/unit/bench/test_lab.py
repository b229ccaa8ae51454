"""The lab's plan, what it makes of its starts, and how it tells that."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.bench.functions import NODE, PYTHON
from tests.bench.lab.cell import BASE, QUOTAS, SHOWN, Cell, cells, dimensions
from tests.bench.lab.experiments import experiments, in_hand
from tests.bench.lab.function_start import FunctionStart
from tests.bench.lab.ratios import ratios
from tests.bench.lab.results import Results
from tests.bench.lab.section import tables
from tests.bench.lab.variant import Variant
from tests.bench.lab.way import BOTO3, CLIENT, FIRST_READ, NOTHING, POWERTOOLS, WAYS, Way
from tests.bench.ssm import Call, Connection, Record
from warmkey.deploy.report import Bench

SLOWEST = Cell(memory=min(QUOTAS))


def start(in_hand: float, init: float = 0.0, calls: int = 1) -> FunctionStart:
    """A start, its secrets in hand after so many milliseconds."""
    came = [Call("GetParameters", 10, 0.0, 0.0)] * calls
    moments = {"code": 1.0, "values": in_hand, "handler": in_hand}
    upstream = Record([Connection(0.0, 0.0, came)])
    return FunctionStart(init, moments, None, upstream, origin=0.0, epoch=0.0, status={})


def results_of(way: Way, *times: float, cell: Cell = BASE, into: Results | None = None) -> Results:
    """Starts of a Python function, one in each round."""
    results = into or Results()
    for number, time in enumerate(times, start=1):
        results.add(cell, (PYTHON, way), number, start(time, init=time))
    return results


def variant(way: Way, runtime: str = PYTHON) -> Variant:
    """A function that nobody starts."""
    return Variant(runtime, way, Path(), (), None)


def test_the_plan_begins_at_the_base_and_has_no_cell_twice() -> None:
    """The base is a point of every dimension, and measured once."""
    plan = list(cells(dimensions()))
    assert plan[0] == BASE
    assert len(plan) == len(set(plan))


def test_one_thing_is_varied_at_a_time() -> None:
    """Every cell but the one that is shown differs from the base in one respect at most."""
    for cell in cells(dimensions()):
        changed = (cell.secrets != 1, cell.latency != 0, cell.memory is not None)
        assert sum(changed) <= 1 or cell == SHOWN


def test_every_point_has_a_cell() -> None:
    """And a name of its own."""
    for dimension in dimensions():
        assert len(set(dimension.points)) == len(dimension.cells)


def test_memory_is_not_imitated_without_control_groups() -> None:
    """Nothing stands in for it."""
    assert all(cell.memory is None for cell in cells(dimensions(quotas=False)))


@pytest.mark.parametrize("way", [NOTHING, CLIENT, BOTO3], ids=lambda way: way.label)
def test_a_variant_of_a_ratio_starts_everywhere(way: Way) -> None:
    """However long that takes."""
    assert all(variant(way).takes_part_in(cell) for cell in cells(dimensions()))


def test_slow_starts_are_not_made_by_everyone() -> None:
    """Powertools stands on boto3, which is measured there."""
    assert not variant(POWERTOOLS).takes_part_in(SLOWEST)


def test_a_first_read_is_measured_at_the_base_alone() -> None:
    """Nothing that is varied changes it."""
    taken = [cell for cell in cells(dimensions()) if variant(FIRST_READ).takes_part_in(cell)]
    assert taken == [BASE]


def test_pairs_are_of_rounds_in_which_both_started() -> None:
    """Else a difference would be of two moments of the machine."""
    results = results_of(CLIENT, 60, 61, 62)
    results.add(BASE, (PYTHON, BOTO3), 1, start(401))
    results.add(BASE, (PYTHON, BOTO3), 2, OSError("no"))
    results.add(BASE, (PYTHON, BOTO3), 3, start(403))
    pairs = results.pairs(BASE, (PYTHON, CLIENT), (PYTHON, BOTO3), in_hand)
    assert pairs == ((60, 62), (401, 403))


def test_the_start_that_is_shown_is_the_one_in_the_middle() -> None:
    """Not the fastest, and with an even number the one below the middle."""
    shown = results_of(CLIENT, 50, 90, 60, 70).median_start(BASE, (PYTHON, CLIENT))
    assert shown is not None
    assert shown.in_hand == 60


def test_a_start_that_failed_is_counted_with_its_reason() -> None:
    """It is no sample, and never silently dropped."""
    results = results_of(CLIENT, 60, 61)
    results.add(BASE, (PYTHON, CLIENT), 3, TimeoutError("no INIT REPORT\nthe log"))
    assert list(results.failures()) == [
        "Python, Warmkey, by client (1 secret): 1 of 3 starts failed, "
        "the first with: no INIT REPORT"
    ]


def test_a_run_without_a_failure_tells_of_none() -> None:
    """Asking for samples that are not there is no failure either."""
    results = results_of(CLIENT, 60)
    results.samples(BASE, (NODE, CLIENT), in_hand)
    assert list(results.failures()) == []


def test_a_variant_that_was_not_measured_has_no_row() -> None:
    """A page without Node functions has no experiment of them."""
    results = results_of(BOTO3, 400, into=results_of(CLIENT, 60))
    first, *_ = found = list(experiments(results, dimensions()))
    assert [series.label for series in first.series] == [CLIENT.label, BOTO3.label]
    assert not any("Node" in each.title for each in found)


def test_time_added_to_init_is_the_difference_of_a_round() -> None:
    """With, less nothing at all."""
    results = results_of(CLIENT, 60, 90, into=results_of(NOTHING, 50, 70))
    added = next(each for each in experiments(results, dimensions()) if each.difference)
    assert added.series[0].samples[0] == (10, 20)


@pytest.mark.parametrize(
    ("boto3", "share", "word"), [(400, "0.20", "met"), (300, "0.27", "not met")]
)
def test_a_quarter_of_boto3_is_the_budget(boto3: float, share: str, word: str) -> None:
    """Told with the ratio, and with its interval."""
    results = results_of(BOTO3, *[boto3] * 6, into=results_of(CLIENT, *[80] * 6))
    found = Bench(
        "", "", datetime.now(timezone.utc), "", (), (), ratios=(*ratios(results, [BASE]),)
    )
    ((_, against, ratio, budget, verdict), *_) = next(tables(found)).rows
    assert ratio.split() == [share, f"({share}", "…", f"{share})"]
    assert (against, budget, verdict) == (BOTO3.label, "≤ 0.25", word)


def test_ratio_has_no_budget_where_ssm_is_far() -> None:
    """Waiting for it costs everyone the same."""
    far = Cell(latency=0.2)
    results = results_of(BOTO3, 600, cell=far, into=results_of(CLIENT, 200, cell=far))
    (ratio,) = ratios(results, [far])
    assert ratio.budget is None


def test_calls_are_held_against_tens_of_secrets() -> None:
    """Thirty secrets may cost three calls."""
    results = results_of(CLIENT, 60, cell=Cell(30))
    (ratio,) = ratios(results, [])
    assert (ratio.unit, ratio.budget) == ("calls", 3)


@pytest.mark.parametrize("runtime", WAYS)
def test_no_way_stands_twice(runtime: str) -> None:
    """A label is all that a reader has to tell them apart."""
    labels = [way.label for way in WAYS[runtime]]
    assert len(labels) == len(set(labels))

"""What samples say: known values, and what holds for any."""

import random
import statistics

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from warmkey.deploy.report.estimate import FEWEST, Interval, differences, estimate, margin, quotient

figures = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
groups = st.lists(figures, min_size=1, max_size=12).map(tuple)
enough = st.lists(st.floats(0.1, 1e3), min_size=FEWEST, max_size=12).map(tuple)
few_examples = settings(max_examples=20, deadline=None)  # each draws thousands of times


def test_known_samples_have_the_known_median_and_range() -> None:
    """In whatever order they were measured."""
    found = estimate((5.0, 1.0, 3.0, 9.0))
    assert (found.n, found.median, found.low, found.high) == (4, 4.0, 1.0, 9.0)


def test_the_interval_is_that_of_the_binomial_distribution() -> None:
    """For a median it is known: of 1 to 21, order statistics 6 and 16 hold it to 97.3 %."""
    interval = estimate(tuple(map(float, range(1, 22)))).interval
    assert interval is not None
    assert interval.low == pytest.approx(6.5, abs=1)
    assert interval.high == pytest.approx(15.5, abs=1)


def test_an_interval_holds_the_true_median_as_often_as_it_says() -> None:
    """Some 95 of 100 runs of an experiment whose truth is known: a median of 100."""
    generator = random.Random(8)  # noqa: S311 - to be the same in each run
    runs = [
        estimate(tuple(100 * generator.lognormvariate(0, 0.2) for _ in range(20))).interval
        for _ in range(100)
    ]
    held = [interval for interval in runs if interval and interval.low <= 100 <= interval.high]
    assert 90 <= len(held) <= 99


def test_few_samples_have_no_interval() -> None:
    """Five are too few for 95 %, whatever one computes; six are not."""
    assert estimate((1.0, 2.0, 3.0, 4.0, 5.0)).interval is None
    assert estimate((1.0, 2.0, 3.0, 4.0, 5.0, 6.0)).interval is not None


@few_examples
@given(groups)
@example((103.238,) * FEWEST)
def test_figures_lie_in_order(samples: tuple[float, ...]) -> None:
    """Nothing lies outside the range, rounded or not."""
    found = estimate(samples)
    assert found.low <= found.median <= found.high
    if found.interval:
        assert found.low <= found.interval.low <= found.interval.high <= found.high


@few_examples
@given(enough)
def test_the_same_samples_always_have_the_same_interval(samples: tuple[float, ...]) -> None:
    """A page that is made anew is the same page."""
    estimate.cache_clear()
    first = estimate(samples)
    estimate.cache_clear()
    assert estimate(samples) == first


@few_examples
@given(enough, st.integers(-100, 100))
def test_an_interval_moves_with_its_samples(samples: tuple[float, ...], by: int) -> None:
    """What is added to all of them is added to it."""
    here, there = (
        estimate(samples).interval,
        estimate(tuple(each + by for each in samples)).interval,
    )
    assert here is not None
    assert there == pytest.approx((here.low + by, here.high + by))


def test_a_quotient_is_that_of_the_medians() -> None:
    """Not the median of quotients."""
    found = quotient((1.0, 2.0, 9.0), (4.0, 5.0, 6.0), paired=False)
    assert found is not None
    assert found.value == pytest.approx(2 / 5)
    assert found.interval is None


def test_pairs_that_rise_and_fall_together_are_better_known() -> None:
    """Drawn in pairs, what disturbs both sides of a round cancels out."""
    generator = random.Random(5)  # noqa: S311 - likewise
    theirs = tuple(generator.uniform(10, 1000) for _ in range(20))
    ours = tuple(each / 2 for each in theirs)
    paired, apart = (quotient(ours, theirs, paired=each) for each in (True, False))
    assert paired is not None
    assert paired.interval == pytest.approx((0.5, 0.5))
    assert apart is not None
    assert apart.interval is not None
    assert apart.interval.low < 0.4 < 0.6 < apart.interval.high


@pytest.mark.parametrize("theirs", [(-3.0, -1.0, 2.0), (0.0,), (-1.0,) * 9])
def test_a_quotient_by_zero_is_none(theirs: tuple[float, ...]) -> None:
    """A floor may add nothing, or less than the noise."""
    assert quotient((1.0, 2.0, 3.0), theirs, paired=False) is None


def test_a_quotient_by_something_near_zero_has_no_interval() -> None:
    """Where any ratio is possible, none is claimed."""
    theirs = (-4.0, -3.0, -2.0, 1.0, 2.0, 3.0, 4.0)
    found = quotient((1.0,) * 7, theirs, paired=False)
    assert found is not None
    assert found.interval is None


@few_examples
@given(enough, st.floats(0.1, 2))
def test_a_margin_is_zero_at_its_share(samples: tuple[float, ...], share: float) -> None:
    """Ours lies as far above a share of theirs as its quotient lies above that share."""
    ours = tuple(share * each for each in samples)
    value, interval = margin(ours, samples, share, paired=True)
    assert value == pytest.approx(0, abs=1e-9)
    assert interval == pytest.approx(Interval(0, 0), abs=1e-9)


@given(st.lists(st.tuples(figures, figures), min_size=1))
def test_differences_are_those_of_each_round(rounds: list[tuple[float, float]]) -> None:
    """And none is lost."""
    found = differences([each for each, _ in rounds], [each for _, each in rounds])
    assert list(found) == [more - less for more, less in rounds]


def test_differences_of_unequal_runs_are_refused() -> None:
    """A round is missing, and nobody knows which."""
    with pytest.raises(ValueError, match="shorter"):
        differences([1.0, 2.0], [1.0])


@given(groups)
def test_a_median_is_the_standard_librarys(samples: tuple[float, ...]) -> None:
    """For odd and even numbers of samples."""
    assume(len(samples) < FEWEST)  # others take a while
    assert estimate(samples).median == statistics.median(samples)

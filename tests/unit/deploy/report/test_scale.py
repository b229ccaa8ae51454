"""Scales: everything is on them, in its place, with round figures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmkey.deploy.report.drawing.scale import Scale, linear, logarithmic

figures = st.lists(st.floats(-1e6, 1e6).map(lambda each: round(each, 3)), min_size=1)
positive = st.lists(st.floats(0.001, 1e7), min_size=1)


def test_a_linear_scale_begins_at_zero() -> None:
    """So that twice as long a bar is twice as much."""
    assert linear([23, 32, 520]).ticks == (0, 100, 200, 300, 400, 500, 600)
    assert linear([501, 520]).ticks == (0, 100, 200, 300, 400, 500, 600)


def test_a_linear_scale_reaches_below_zero_for_differences() -> None:
    """And shows where zero is."""
    assert linear([-7.2, 26]).ticks == (-10, 0, 10, 20, 30)


def test_samples_that_are_all_zero_have_a_scale_too() -> None:
    """Nothing is divided by it."""
    assert linear([0, 0]).share(0) == 0


def test_a_logarithmic_scale_has_a_step_for_each_of_1_2_5() -> None:
    """As few as hold all."""
    assert logarithmic([7_900, 139_000]).ticks == (5e3, 1e4, 2e4, 5e4, 1e5, 2e5)


def test_a_long_logarithmic_scale_has_powers_of_ten() -> None:
    """Between its ends."""
    assert logarithmic([0.3, 4_000]).ticks == (0.2, 1, 10, 100, 1000, 5000)


def test_a_narrow_logarithmic_scale_has_fewer() -> None:
    """As many as have room."""
    assert logarithmic([0.03, 1.4], most=4).ticks == (0.02, 0.1, 1, 2)


@given(figures)
def test_a_linear_scale_has_everything_on_it(values: list[float]) -> None:
    """In proportion, and with ticks that have room on a phone."""
    scale = linear(values)
    assert all(-1e-9 <= scale.share(value) <= 1 + 1e-9 for value in values)
    assert len(scale.ticks) <= 8
    steps = {round(b - a, 6) for a, b in zip(scale.ticks, scale.ticks[1:], strict=False)}
    assert len(steps) == 1


@given(positive)
def test_a_logarithmic_scale_has_everything_on_it(values: list[float]) -> None:
    """Between its ends."""
    scale = logarithmic(values)
    assert scale.ticks[0] <= min(values)
    assert max(values) <= scale.ticks[-1]
    assert all(0 <= scale.share(value) <= 1 for value in values)


@given(positive)
def test_equal_factors_are_equal_lengths_on_a_logarithmic_scale(values: list[float]) -> None:
    """Ten times as much is as far everywhere."""
    scale = logarithmic([*values, 1, 100])
    assert math.isclose(
        scale.share(10) - scale.share(1), scale.share(100) - scale.share(10), abs_tol=1e-9
    )


@pytest.mark.parametrize("value", [0.0, -3.0, 0.5])
def test_a_figure_without_a_logarithm_lies_at_the_end(value: float) -> None:
    """Such as an interval's lower bound."""
    assert Scale((1, 10), log=True).share(value) == 0

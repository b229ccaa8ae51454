"""Waiting before the next attempt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.retry import delay

fractions = st.floats(0, 1)


@pytest.mark.parametrize(
    ("attempt", "longest"), [(0, 0.1), (1, 0.2), (2, 0.4), (4, 1.6), (5, 2.0), (10_000, 2.0)]
)
def test_the_longest_wait_doubles_up_to_two_seconds(attempt: int, longest: float) -> None:
    """However many attempts there were."""
    assert delay(attempt, 1.0) == longest


@given(st.integers(0, 1000), fractions, fractions)
def test_the_jitter_is_full(attempt: int, one: float, other: float) -> None:
    """Any wait from nothing to the longest is as likely, so that a crowd spreads out."""
    assert delay(attempt, 0.0) == 0.0
    assert delay(attempt, one) == one * delay(attempt, 1.0)
    assert (delay(attempt, one) <= delay(attempt, other)) == (one <= other)

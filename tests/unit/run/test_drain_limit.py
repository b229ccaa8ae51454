"""How long the extension drains, by the deadline of SHUTDOWN."""

import pytest

from extension.run.extension import drain_limit

T = 1_700_000_000.0


@pytest.mark.parametrize(("left", "limit"), [(2.0, 1.5), (1.0, 0.5), (0.5, 0.0), (-1.0, 0.0)])
def test_draining_leaves_half_a_second_of_what_lambda_gives(left: float, limit: float) -> None:
    """In which the process ends; it is killed at the deadline."""
    assert drain_limit(T + left, T) == limit


@pytest.mark.parametrize("deadline", [0.0, 676.051, T + 3600])
def test_draining_takes_a_second_where_the_deadline_makes_no_sense(deadline: float) -> None:
    """As where it is absent, or of a clock of Lambda's own: its documentation shows 676051."""
    assert drain_limit(deadline, T) == 1.0

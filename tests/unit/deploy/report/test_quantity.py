"""Quantities: as many digits as mean something."""

import pytest

from warmkey.deploy.report.drawing import quantity

MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.004, "0.00"),
        (-0.004, "0.00"),
        (0.26, "0.26"),
        (0.996, "1.0"),
        (2.64, "2.6"),
        (23.1, "23.1"),
        (99.96, "100"),
        (520.4, "520"),
        (1_033, "1,033"),
        (9_999.4, "9,999"),
        (9_999.6, "10.0k"),
        (126_400, "126k"),
        (1_264_000, "1,264k"),
        (-5.12, f"{MINUS}5.1"),
    ],
)
def test_a_figure_has_the_digits_that_say_something(value: float, text: str) -> None:
    """And a minus sign as wide as a digit."""
    assert quantity.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.5, "0.5"), (1_000, "1,000"), (2e4, "20k"), (0.1 * 3, "0.3")]
)
def test_a_tick_has_no_more_digits_than_it_has(value: float, text: str) -> None:
    """Though it was computed."""
    assert quantity.tick(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0447, "0.045"), (0.72, "0.72"), (1.44, "1.4"), (-0.004, f"{MINUS}0.004")]
)
def test_a_small_share_has_two_digits(value: float, text: str) -> None:
    """However small it is."""
    assert quantity.share(value) == text


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (0.0447, "1/22 of Go"),
        (0.72, "72 % of Go"),
        (1.05, "105 % of Go"),
        (1.44, f"1.4 {TIMES} Go"),
        (0.0004, "less than 1 % of Go"),
        (-0.3, "less than 1 % of Go"),
    ],
)
def test_a_ratio_is_told_in_words(ratio: float, words: str) -> None:
    """As one would say it."""
    assert quantity.as_part(ratio, "Go") == words


def test_a_range_stays_on_one_line() -> None:
    """Between its ends is no space that a browser may break."""
    assert " " not in quantity.between((-2.9, 12))
    assert quantity.between((1, 2.5)).split("\N{NARROW NO-BREAK SPACE}") == ["1.0", "…", "2.5"]


def test_times_on_one_scale_have_one_precision() -> None:
    """So that they can be compared digit by digit."""
    assert [quantity.tenths(each) for each in (0, 0.52, 508.3)] == ["0.0", "0.5", "508.3"]

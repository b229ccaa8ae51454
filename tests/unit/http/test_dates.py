"""Dates in HTTP's format, against the standard library's."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.http.dates import http_date, read_http_date


def test_a_date_is_that_of_the_standard() -> None:
    """The example of RFC 9110 §5.6.7."""
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"


@given(st.integers(0, 253_402_300_799))
def test_every_second_is_as_the_standard_library_has_it(seconds: int) -> None:
    """Up to the year 9999; and it is read again."""
    assert http_date(seconds) == formatdate(seconds, usegmt=True)
    assert read_http_date(http_date(seconds)) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun, 06 Nix 1994 08:49:37 GMT",
        "Sun, 06 anF 1994 08:49:37 GMT",
        "Sun, 36 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49 GMT GMT",
    ],
)
def test_invalid_date_is_none(text: str) -> None:
    """The formats of other centuries, too, which no AWS service sends."""
    assert read_http_date(text) is None


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    """Nothing is raised."""
    assert isinstance(read_http_date(f"Sun, 06 Nov {text} GMT"), float | None)

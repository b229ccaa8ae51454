"""Dates in HTTP's format, against the standard library's."""

from email.utils import formatdate

from hypothesis import given
from hypothesis import strategies as st

from extension.http_date import http_date


def test_a_date_is_that_of_the_standard() -> None:
    """The example of RFC 9110 §5.6.7."""
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"


@given(st.integers(0, 253_402_300_799))
def test_every_second_is_as_the_standard_library_has_it(seconds: int) -> None:
    """Up to the year 9999."""
    assert http_date(seconds) == formatdate(seconds, usegmt=True)

"""Tests of a language that is not there are skipped."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.languages.language import Unavailable


@contextmanager
def skipped_where_unavailable() -> Iterator[None]:
    """Skip the test if what is done in here finds the language missing; the reason helps out."""
    try:
        yield
    except Unavailable as missing:
        pytest.skip(str(missing))

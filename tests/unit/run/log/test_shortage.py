"""A shortage is told with what to do about it, and anything else is none."""

import errno

import pytest

from extension.run.log.shortage import shortage


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (MemoryError(), "give the function more"),
        (OSError(errno.ENOMEM, ""), "give the function more"),
        (OSError(errno.EMFILE, ""), "ulimit -n"),
        (OSError(errno.ENFILE, ""), "ulimit -n"),
    ],
    ids=repr,
)
def test_a_shortage_says_what_to_do(error: Exception, remedy: str) -> None:
    """It says nothing of the error's own text."""
    assert remedy in (shortage(error) or "")


@pytest.mark.parametrize("error", [ValueError(), OSError(), OSError(errno.EIO, "")], ids=repr)
def test_other_error_is_no_shortage(error: Exception) -> None:
    """A fault, most likely."""
    assert shortage(error) is None

"""Outcomes: what may pass, and what never shows."""

import pytest

from extension.http.failure import Failed, Kind
from extension.sources.responses.outcome import Found
from tests.unit.failures import PERMANENT, TRANSIENT


@pytest.mark.parametrize("kind", PERMANENT)
def test_a_refusal_is_for_good(kind: str) -> None:
    """A revoked secret stops working, whatever was held."""
    assert not Failed(Kind(kind), "why").transient


@pytest.mark.parametrize("kind", TRANSIENT)
def test_trouble_may_pass(kind: str) -> None:
    """The last good value serves meanwhile."""
    assert Failed(Kind(kind), "why").transient


def test_the_repr_shows_no_value() -> None:
    """But everything else about it."""
    shown = repr(Found("/a", "canary", "3", "SecureString", "arn:a", 1.0))
    assert "canary" not in shown
    assert "'/a'" in shown

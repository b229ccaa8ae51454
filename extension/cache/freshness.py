"""How fresh a value is, by its age. Age is wall-clock time, as environments freeze and thaw."""

from __future__ import annotations

from enum import Enum

_DUE = 0.8  # of the TTL


class Freshness(str, Enum):
    """How fresh a value is, by the name that the status gives it."""

    FRESH = "fresh"
    """Serve it."""
    DUE = "due"
    """Serve it, and refresh it beside."""
    EXPIRED = "expired"
    """Refresh it first."""


def age(fetched_at: float, now: float) -> float:
    """How old a value is, in seconds; a clock that jumps back makes none younger than zero."""
    return max(0.0, now - fetched_at)


def classify(seconds: float, ttl: float) -> Freshness:
    """How fresh a value of an age is.

    Args:
        seconds: the age.
        ttl: how long a value counts as fresh, in seconds.
    """
    if seconds < _DUE * ttl:
        return Freshness.FRESH
    return Freshness.DUE if seconds < ttl else Freshness.EXPIRED


def due_at(fetched_at: float, expires_at: float) -> float:
    """The moment at which a value falls due for a refresh, in seconds since the epoch."""
    return fetched_at + _DUE * (expires_at - fetched_at)


def may_serve_stale(seconds: float, ttl: float, stale_if_error: float) -> bool:
    """Whether a value may still be served while upstream fails for a transient reason."""
    return seconds < ttl + stale_if_error

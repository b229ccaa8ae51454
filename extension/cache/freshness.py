"""How fresh a value is, by its age. Age is wall-clock time, as environments freeze and thaw."""

from __future__ import annotations

from enum import Enum

DUE = 0.8
"""The part of the TTL after which a value is refreshed beside its reads."""

_SPREAD = 0.1  # of that, to both sides


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


def spread(chance: float) -> float:
    """The part of its TTL after which one value is refreshed.

    What was fetched together, by one process or by a fleet, so does not come back together.

    Args:
        chance: a random number from 0 to 1.
    """
    return DUE * (1.0 + _SPREAD * (2.0 * chance - 1.0))


def classify(seconds: float, ttl: float, due: float = DUE) -> Freshness:
    """How fresh a value of an age is.

    Args:
        seconds: the age.
        ttl: how long a value counts as fresh, in seconds.
        due: the part of that after which it is refreshed.
    """
    if seconds < due * ttl:
        return Freshness.FRESH
    return Freshness.DUE if seconds < ttl else Freshness.EXPIRED


def may_serve_stale(seconds: float, ttl: float, stale_if_error: float) -> bool:
    """Whether a value may still be served while upstream fails for a transient reason."""
    return seconds < ttl + stale_if_error

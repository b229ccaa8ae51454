"""How fresh a value is, by its age. Age is wall-clock time, as environments freeze and thaw."""

from __future__ import annotations

_DUE = 0.8  # of the TTL


def age(fetched_at: float, now: float) -> float:
    """How old a value is, in seconds; a clock that jumps back makes none younger than zero."""
    return max(0.0, now - fetched_at)


def judge(seconds: float, ttl: float) -> str:
    """Judge an age.

    Args:
        seconds: the age.
        ttl: how long a value counts as fresh, in seconds.

    Returns:
        `fresh`: serve it; `due`: serve it and refresh beside; `expired`: refresh it first.
    """
    if seconds < _DUE * ttl:
        return "fresh"
    return "due" if seconds < ttl else "expired"


def due_at(fetched_at: float, expires_at: float) -> float:
    """The moment at which a value falls due for a refresh, in seconds since the epoch."""
    return fetched_at + _DUE * (expires_at - fetched_at)


def may_serve_stale(seconds: float, ttl: float, stale_if_error: float) -> bool:
    """Whether a value may still be served while upstream fails for a passing reason."""
    return seconds < ttl + stale_if_error

"""Entries of the cache: a value and how fresh it is, or why there is none.

Age is wall-clock time, as environments freeze and thaw.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..http.failure import Failed
from ..sources.responses.outcome import Found, Listing, Outcome
from ..sources.source import Source

DUE = 0.8
"""The part of its lifetime after which a value is refreshed beside its reads."""
_SPREAD = 0.1  # of that, to both sides
_OVERHEAD = 800  # bytes of an entry besides its texts


class State(str, Enum):
    """What a read gets, by the name that it is told."""

    FRESH = "fresh"
    """A value that counts as fresh, or was when it was asked for."""
    STALE = "stale"
    """The last good value, while upstream fails."""
    ABSENT = "absent"
    """None, which is good: it is optional, and does not exist."""
    DEFAULT = "default"
    """What is declared for the case that it does not exist; no entry has that."""
    FAILED = "failed"
    """None."""


class Freshness(str, Enum):
    """How fresh a value is, by the name that the status gives it."""

    FRESH = "fresh"
    """Serve it."""
    DUE = "due"
    """Serve it, and refresh it beside."""
    EXPIRED = "expired"
    """Refresh it first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a read gets.

    Attributes:
        outcome: the value, or why there is none.
        state: which of both.
        fetched_at: when it came from upstream, in seconds since the epoch.
        expires_at: when it stops being fresh, or a failure being remembered, likewise.
        due: the part of the time between both after which it is refreshed.
    """

    outcome: Outcome
    state: State
    fetched_at: float
    expires_at: float
    due: float = DUE

    @staticmethod
    def of(outcome: Outcome, fetched_at: float, expires_at: float, due: float = DUE) -> Entry:
        """A fresh value, or a failure."""
        state = State.FAILED if isinstance(outcome, Failed) else State.FRESH
        return Entry(outcome, state, fetched_at, expires_at, due)

    @property
    def is_failure(self) -> bool:
        """Whether there is no value, and should be one."""
        return self.state is State.FAILED

    def age(self, now: float) -> float:
        """How old it is, in seconds; a clock that jumps back makes no age below zero."""
        return max(0.0, now - self.fetched_at)

    def freshness(self, now: float) -> Freshness:
        """How fresh it is, by its age; a failure that is remembered is not refreshed beside."""
        age, lifetime = self.age(now), self.expires_at - self.fetched_at
        if age >= lifetime:
            return Freshness.EXPIRED
        if age < self.due * lifetime or self.is_failure:
            return Freshness.FRESH
        return Freshness.DUE

    def may_serve_stale(self, now: float, stale_if_error: int) -> bool:
        """Whether it is a value that may still be served while upstream fails transiently.

        Args:
            now: the time, in seconds since the epoch.
            stale_if_error: how long past its lifetime a value serves, in seconds.
        """
        good_for = self.expires_at - self.fetched_at + stale_if_error
        return not self.is_failure and self.age(now) < good_for

    @property
    def due_at(self) -> float:
        """When it is due for a refresh, in seconds since the epoch."""
        return self.fetched_at + self.due * (self.expires_at - self.fetched_at)


def spread(fraction: float) -> float:
    """The part of its TTL after which a value is refreshed.

    What was fetched together, by one process or by a fleet, so does not come back together.

    Args:
        fraction: a random number from 0 to 1.
    """
    return DUE * (1.0 + _SPREAD * (2.0 * fraction - 1.0))


def size(source: Source, outcome: Outcome) -> int:
    """About how many bytes it takes to hold an outcome: its texts, and what Python adds."""
    match outcome:
        case Found():
            texts = (outcome.value or "", outcome.name, outcome.arn, source.name)
            return _OVERHEAD + sum(text.__sizeof__() for text in texts)
        case Listing(members=members):
            return _OVERHEAD + sum(size(source, found) for found in members.values())
        case Failed():
            return _OVERHEAD + len(outcome.detail) + len(outcome.hint) + len(source.name)

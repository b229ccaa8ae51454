"""Entries of the cache: what a read gets.

An entry is a value and how long it holds, or why there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..http.failure import Failed
from ..sources.outcome import Found, Listing, Outcome
from ..sources.source import Source
from . import freshness

_OVERHEAD = 800  # bytes of an entry besides its texts


class State(str, Enum):
    """What a read gets, by the name that it is told."""

    FRESH = "fresh"
    """A value that counts as fresh, or was when it was asked for."""
    STALE = "stale"
    """The last good value, while upstream fails."""
    FAILED = "failed"
    """None."""


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
    due: float = freshness.DUE

    @staticmethod
    def of(
        outcome: Outcome, fetched_at: float, expires_at: float, due: float = freshness.DUE
    ) -> Entry:
        """A fresh value, or a failure."""
        state = State.FAILED if isinstance(outcome, Failed) else State.FRESH
        return Entry(outcome, state, fetched_at, expires_at, due)

    @property
    def due_at(self) -> float:
        """When it is due for a refresh, in seconds since the epoch."""
        return self.fetched_at + self.due * (self.expires_at - self.fetched_at)


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

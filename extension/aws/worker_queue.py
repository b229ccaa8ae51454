"""Whose attempt is next, where there are more than workers.

What is declared comes before what is not, and what works before what fails; but nobody waits
forever, as the advantage is one of seconds. And whatever fails, or has never worked, leaves workers
free: an attempt may hang for all of its time, and what hangs is not to hold every connection. Where
the service throttles, it leaves one more: at once, such calls would only be throttled sooner.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Rank(Enum):
    """What an attempt is for.

    Attributes:
        handicap: how much earlier than a declared secret it must have asked, in seconds, to come
            before it.
        leaves: how many workers it leaves to those that leave fewer. One worker is always there
            for each rank.
    """

    DECLARED = (0.0, 0)
    KNOWN = (5.0, 0)
    NEW = (5.0, 1)
    DECLARED_FAILING = (5.0, 2)
    FAILING = (10.0, 2)

    __hash__ = object.__hash__  # as Enum's own is slow, and each attempt looks several ranks up

    def __init__(self, handicap: float, leaves: int) -> None:
        self.handicap = handicap
        self.leaves = leaves

    @classmethod
    def of(cls, *, declared: bool, known: bool, failing: bool) -> Rank:
        """The rank of an attempt.

        Args:
            declared: whether it is for a declared secret.
            known: whether there was an attempt for it before.
            failing: whether the last one has failed.
        """
        if failing:
            return cls.DECLARED_FAILING if declared else cls.FAILING
        if declared:
            return cls.DECLARED
        return cls.KNOWN if known else cls.NEW


class WorkerQueue(Generic[Item]):
    """Those who wait for a worker, and how many have one.

    Args:
        workers: how many workers there may be.
    """

    __slots__ = ("_at_work", "_leaving", "_waiting", "_workers")

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._waiting: dict[Rank, deque[tuple[float, Item]]] = {rank: deque() for rank in Rank}
        self._at_work: dict[Rank, int] = dict.fromkeys(Rank, 0)
        self._leaving = [0] * (1 + max(rank.leaves for rank in Rank))
        """How many have a worker of those that leave as many as the index, or more."""

    @property
    def at_work(self) -> int:
        """How many have a worker."""
        return self._leaving[0]

    def is_crowd(self, rank: Rank) -> bool:
        """Whether several of a rank wait or have a worker."""
        return len(self._waiting[rank]) + self._at_work[rank] > 1

    def put(self, rank: Rank, item: Item, now: float) -> None:
        """Wait for a turn.

        Args:
            rank: what it is for.
            item: who waits.
            now: the time, in seconds.
        """
        self._waiting[rank].append((now, item))

    def begin(self, rank: Rank) -> None:
        """Take a worker without waiting."""
        self._count(rank, 1)

    def next(self, *, throttled: bool = False) -> tuple[Rank, Item] | None:
        """Give a worker to whoever is next; None where nobody waits who may have one.

        Args:
            throttled: whether the service has throttled a call just now.
        """
        free = self._workers - throttled
        waiting = [rank for rank, items in self._waiting.items() if items]
        ready = [rank for rank in waiting if self._may_begin(rank, free)]
        if not ready:
            return None
        rank = min(ready, key=lambda each: self._waiting[each][0][0] + each.handicap)
        self.begin(rank)
        return rank, self._waiting[rank].popleft()[1]

    def end(self, rank: Rank) -> None:
        """Give a worker back."""
        self._count(rank, -1)

    def _count(self, rank: Rank, more: int) -> None:
        self._at_work[rank] += more
        for leaves in range(rank.leaves + 1):
            self._leaving[leaves] += more

    def _may_begin(self, rank: Rank, free: int) -> bool:
        """Whether it would leave as many workers as it, and each that leaves fewer, has to.

        Args:
            rank: the rank of whoever would begin.
            free: how many workers there are for those that leave any.
        """
        return self.at_work < self._workers and all(
            self._leaving[leaves] < max(1, free - leaves) for leaves in range(1, rank.leaves + 1)
        )

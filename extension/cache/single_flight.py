"""Single flight: however many wait for a key, it is fetched once.

Used from the loop's thread only, so it takes no lock.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any


class InFlight:
    """The keys that are being fetched, each with those who wait for it."""

    __slots__ = ("_waiters",)

    def __init__(self) -> None:
        self._waiters: dict[Hashable, list[Callable[[Any], None]]] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._waiters

    def __len__(self) -> int:
        return len(self._waiters)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._waiters))

    def begin(self, key: Hashable) -> bool:
        """Begin a key's flight; False where one is under way already."""
        if key in self._waiters:
            return False
        self._waiters[key] = []
        return True

    def wait(self, key: Hashable, waiter: Callable[[Any], None]) -> None:
        """Have a waiter called when the key's flight lands.

        Raises:
            KeyError: no flight is under way.
        """
        self._waiters[key].append(waiter)

    def finish(self, key: Hashable, result: object) -> None:
        """End a key's flight and give its result to each who waits; a waiter may begin another."""
        for waiter in self._waiters.pop(key, []):
            waiter(result)

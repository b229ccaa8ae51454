"""Long work, done in steps: the loop serves others between two of them.

One piece of work is done at a time, so that many who want much of it take no more of the loop than
one does. Work without steps is done at once, if no other is before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

_REST = 0.001  # seconds from one step to the next


class StepQueue:
    """Does work.

    Args:
        call_later: calls something after some seconds.
    """

    __slots__ = ("_call_later", "_works")

    def __init__(self, call_later: Callable[[float, Callable[[], None]], object]) -> None:
        self._call_later = call_later
        self._works: deque[Iterator[None]] = deque()

    def add(self, work: Iterator[None]) -> None:
        """Have work done.

        Args:
            work: yields after each step but the last; it must raise nothing.
        """
        self._works.append(work)
        if len(self._works) == 1:
            self._go_on()

    def _go_on(self) -> None:
        while self._works:
            for _ in self._works[0]:  # one step of it
                self._call_later(_REST, self._go_on)
                return
            self._works.popleft()

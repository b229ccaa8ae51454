"""Answers that may be sent again as they are, for the rest of their second.

The same head asks the same question of the same value, and the answer changes only when a second
passes (its `Age`), when the value falls due for a refresh, or when anything new is delivered. So a
busy reader costs one look-up. A token that stops being accepted ends with the second, too. What is
kept has a limit in number and in bytes; beyond either it begins anew.
"""

from __future__ import annotations

from . import freshness

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .cache import Answer

_MOST = 256
_MOST_BYTES = 1 << 20  # heads and answers together


class Kept:
    """An answer's bytes, and when they hold.

    Attributes:
        data: the bytes.
        keep_alive: whether the connection lives on.
    """

    __slots__ = ("data", "generation", "keep_alive", "since", "until")

    def __init__(
        self, data: bytes, keep_alive: bool, since: float, until: float, generation: int
    ) -> None:
        self.data = data
        self.keep_alive = keep_alive
        self.since = since
        self.until = until
        self.generation = generation


class KeptAnswers:
    """Kept answers, by the head of their request."""

    __slots__ = ("_bytes", "_kept")

    def __init__(self) -> None:
        self._kept: dict[bytes, Kept] = {}
        self._bytes = 0

    def find(self, head: bytes, now: float, generation: int) -> Kept | None:
        """The kept answer to a request, if it holds now.

        Args:
            head: the request's head.
            now: the time, in seconds since the epoch.
            generation: how many deliveries the supply has had.
        """
        kept = self._kept.get(head)
        if kept is None or kept.generation != generation or not kept.since <= now < kept.until:
            return None
        return kept

    def keep(
        self,
        head: bytes,
        data: bytes,
        keep_alive: bool,
        answer: Answer,
        now: float,
        generation: int,
    ) -> None:
        """Keep an answer; see `find` for the arguments."""
        next_second = now + 1 - (now - answer.fetched_at) % 1
        until = min(next_second, freshness.due_at(answer.fetched_at, answer.expires_at))
        replaced = self._kept.pop(head, None)
        self._bytes += len(data) - len(replaced.data) if replaced else len(head) + len(data)
        if len(self._kept) >= _MOST or self._bytes > _MOST_BYTES:
            self._kept.clear()
            self._bytes = len(head) + len(data)
        if self._bytes <= _MOST_BYTES:
            self._kept[head] = Kept(data, keep_alive, now, until, generation)

"""Answers that may be sent again as they are, for the rest of their second.

The same head asks the same question of the same value, and the response changes only when a second
passes (its `Age`), when the value falls due for a refresh, or when it is held no longer. So a busy
client costs one look-up. A token that stops being accepted ends with the second, too. What is
kept has a limit in number and in bytes; beyond either it begins anew.
"""

from __future__ import annotations

from ...cache.entry import Entry
from ...sources.source import Source

_MOST = 256
_MOST_BYTES = 1 << 20  # heads and answers together


class Kept:
    """A response's bytes, and when they hold.

    Attributes:
        data: the bytes.
        keep_alive: whether the connection lives on.
        since: from when on they hold, in seconds since the epoch.
        until: when they no longer hold, likewise.
    """

    __slots__ = ("data", "keep_alive", "since", "until")

    def __init__(self, data: bytes, keep_alive: bool, since: float, until: float) -> None:
        self.data = data
        self.keep_alive = keep_alive
        self.since = since
        self.until = until


class ResponseCache:
    """Kept responses, by the head of their request."""

    __slots__ = ("_bytes", "_heads", "_kept")

    def __init__(self) -> None:
        self._kept: dict[bytes, Kept] = {}
        self._heads: dict[Source, set[bytes]] = {}  # that ask for it
        self._bytes = 0

    def find(self, head: bytes, now: float) -> Kept | None:
        """The kept response to a request, if it holds now.

        Args:
            head: the request's head.
            now: the time, in seconds since the epoch.
        """
        kept = self._kept.get(head)
        return kept if kept is not None and kept.since <= now < kept.until else None

    def keep(
        self, head: bytes, data: bytes, keep_alive: bool, source: Source, entry: Entry, now: float
    ) -> None:
        """Keep a response.

        Args:
            head: the request's head.
            data: the response's bytes.
            keep_alive: whether the connection lives on.
            source: what it was made of.
            entry: what is held for that.
            now: the time, in seconds since the epoch.
        """
        self._drop(head)
        size = len(head) + len(data)
        if len(self._kept) >= _MOST or self._bytes + size > _MOST_BYTES:
            self._kept.clear()
            self._heads.clear()
            self._bytes = 0
        if size > _MOST_BYTES:
            return
        next_second = now + 1 - (now - entry.fetched_at) % 1
        until = min(next_second, entry.due_at)
        self._kept[head] = Kept(data, keep_alive, now, until)
        self._heads.setdefault(source, set()).add(head)
        self._bytes += size

    def forget(self, source: Source) -> None:
        """Keep nothing any longer that was made of a source."""
        for head in self._heads.pop(source, ()):
            self._drop(head)

    def _drop(self, head: bytes) -> None:
        kept = self._kept.pop(head, None)
        if kept is not None:
            self._bytes -= len(head) + len(kept.data)

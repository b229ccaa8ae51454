"""Entries bounded in number and in bytes; the one that was not used for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

from ..sources.source import Source

Held = TypeVar("Held")


class Lru(Generic[Held]):
    """Entries by source.

    Args:
        capacity: how many there may be.
        most_bytes: how many bytes they may have together; one that has more is not held at all.

    Attributes:
        bytes: how many they have.
        most_bytes: how many they may have.
    """

    __slots__ = ("_capacity", "_held", "bytes", "most_bytes")

    def __init__(self, capacity: int, most_bytes: int) -> None:
        self._capacity = capacity
        self.most_bytes = most_bytes
        self._held: OrderedDict[Source, tuple[Held, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._held)

    def values(self) -> list[Held]:
        """All that is held, at this moment; for any thread."""
        return [entry for entry, _ in list(self._held.values())]

    def get(self, source: Source) -> Held | None:
        """What is held for a source; that is no use of it."""
        held = self._held.get(source)
        return None if held is None else held[0]

    def use(self, source: Source) -> None:
        """Note that what is held for a source, if anything, is used now."""
        if source in self._held:
            self._held.move_to_end(source)

    def put(self, source: Source, entry: Held, size: int) -> list[Source]:
        """Hold an entry in place of the one before.

        Args:
            source: whose it is.
            entry: the entry.
            size: its bytes.

        Returns:
            The sources whose entry has gone for it.
        """
        self.pop(source)
        if size > self.most_bytes or not self._capacity:
            return [source]
        self._held[source] = (entry, size)
        self.bytes += size
        gone = []
        while len(self._held) > self._capacity or self.bytes > self.most_bytes:
            evicted, (_, freed) = self._held.popitem(last=False)
            self.bytes -= freed
            gone.append(evicted)
        return gone

    def pop(self, source: Source) -> None:
        """Hold nothing for a source any longer."""
        held = self._held.pop(source, None)
        if held is not None:
            self.bytes -= held[1]

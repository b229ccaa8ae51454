"""What is held, bounded in number and in bytes; what was not used for longest goes first."""

from __future__ import annotations

from collections import OrderedDict

from ..sources.source import Source


class Lru:
    """The sources that something is held for, and how many bytes that has.

    Args:
        capacity: how many there may be.
        most_bytes: how many bytes they may have together; what has more is not held at all.

    Attributes:
        bytes: how many they have.
        most_bytes: how many they may have.
    """

    __slots__ = ("_capacity", "_sizes", "bytes", "most_bytes")

    def __init__(self, capacity: int, most_bytes: int) -> None:
        self._capacity = capacity
        self.most_bytes = most_bytes
        self._sizes: OrderedDict[Source, int] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._sizes)

    def use(self, source: Source) -> None:
        """Note that what is held for a source, if anything, is used now."""
        if source in self._sizes:
            self._sizes.move_to_end(source)

    def put(self, source: Source, size: int) -> list[Source]:
        """Hold something in place of what there was.

        Args:
            source: what it is held for.
            size: its bytes.

        Returns:
            The sources that nothing is held for any longer.
        """
        self.pop(source)
        if size > self.most_bytes or not self._capacity:
            return [source]
        self._sizes[source] = size
        self.bytes += size
        gone = []
        while len(self._sizes) > self._capacity or self.bytes > self.most_bytes:
            evicted, freed = self._sizes.popitem(last=False)
            self.bytes -= freed
            gone.append(evicted)
        return gone

    def pop(self, source: Source) -> None:
        """Hold nothing for a source any longer."""
        self.bytes -= self._sizes.pop(source, 0)

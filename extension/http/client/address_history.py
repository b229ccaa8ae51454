"""Which of a host's addresses answered last, and which did not."""

from __future__ import annotations

from collections.abc import Sequence

from .lookup import Target


class AddressHistory:
    """What connections to a host have learnt of its addresses; they may be on several threads.

    Theory of operation: an address that was connected with is tried first from then on, so that
    a silent one is waited for once and not at each connection. One that has failed, though it let
    itself be connected with, is tried after all others, until it is connected with again; where
    all have failed, the one that did so last.
    """

    __slots__ = ("_failed", "_last")

    def __init__(self) -> None:
        self._last: Target | None = None
        self._failed: tuple[Target, ...] = ()  # in the order of their failures

    def in_order(self, targets: Sequence[Target]) -> Sequence[Target]:
        """A host's addresses, in the order in which to try them.

        Args:
            targets: all that the host has now, in the order of one who knows nothing of them.
        """
        # Names lead elsewhere every minute.
        self._failed = failed = tuple(each for each in self._failed if each in targets)
        untried = [target for target in targets if target not in failed]
        last = self._last
        return [*sorted(untried, key=lambda target: target != last), *failed]

    def note_connected(self, target: Target) -> None:
        """Note that an address was connected with."""
        self._last = target
        self._failed = self._others(target)

    def note_failed(self, target: Target) -> None:
        """Note that an address can't be connected with in time, or does not answer a request."""
        if target == self._last:
            self._last = None
        self._failed = (*self._others(target), target)

    def _others(self, target: Target) -> tuple[Target, ...]:
        return tuple(each for each in self._failed if each != target)

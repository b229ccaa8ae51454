"""A pending read: the entries that one response needs, some held and some yet to come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..http.failure import Failed, Kind
from ..sources.source import Source
from .entry import Entry
from .secret_store import FetchResult, SecretStore

Entries = Mapping[Source, Entry]

LATE = Failed(Kind.TIMEOUT, "upstream has not answered in time")


class PendingRead:
    """Gathers answers, and finishes once: when all are there, or when it is given up.

    Args:
        store: gives the answers.
        sources: what is needed.
        refresh: from upstream, whatever is held; then what upstream says counts, error or not.
        finish: takes the answers.
    """

    __slots__ = ("_entries", "_finish", "_missing", "_refresh", "_store")

    def __init__(
        self,
        store: SecretStore,
        sources: Iterable[Source],
        *,
        refresh: bool,
        finish: Callable[[Entries], None],
    ) -> None:
        self._entries: dict[Source, Entry] = {}
        self._finish = finish
        self._refresh = refresh
        self._store = store
        self._missing = set(sources)
        if refresh:
            store.refresh(self._missing, self._take)
        else:
            self._entries.update(store.read(self._missing, self._take))
            self._missing -= self._entries.keys()
        self._finish_if_whole()

    @property
    def finished(self) -> bool:
        """Whether the response has what it needs."""
        return not self._missing

    @property
    def has_last_good(self) -> bool:
        """Whether there is a last good value for all that is missing, which would be served."""
        return not self._refresh and all(map(self._store.may_serve_stale, self._missing))

    def give_up(self) -> None:
        """Finish without the answers that are missing; they count as late."""
        for source in self._missing:
            self._entries[source] = self._late(source)
        self._missing.clear()
        self._finish(self._entries)

    def _take(self, result: FetchResult) -> None:
        if result.source in self._missing:  # else it was given up
            self._entries[result.source] = self._entry_of(result)
            self._missing.discard(result.source)
            self._finish_if_whole()

    def _entry_of(self, result: FetchResult) -> Entry:
        if self._refresh and isinstance(result.outcome, Failed):
            return Entry.of(result.outcome, 0.0, 0.0)
        return result.entry

    def _late(self, source: Source) -> Entry:
        if self._refresh:
            return Entry.of(LATE, 0.0, 0.0)
        return self._store.last_good(source, LATE)

    def _finish_if_whole(self) -> None:
        if not self._missing:
            self._finish(self._entries)

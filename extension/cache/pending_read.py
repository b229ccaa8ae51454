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
    """Gathers entries: those that are held at once, and the others as they come.

    Args:
        store: gives the entries.
        sources: what is needed.
        refresh: from upstream, whatever is held; then what upstream says counts, error or not.

    Attributes:
        entries: those that are there.
        missing: the sources of the others.
        finish: takes the entries, once, when all are there that were not at first, or when the read
            is given up; to be set before anything else is done.
    """

    __slots__ = ("_refresh", "_store", "entries", "finish", "missing")

    finish: Callable[[Entries], None]

    def __init__(self, store: SecretStore, sources: Iterable[Source], *, refresh: bool) -> None:
        self._refresh = refresh
        self._store = store
        self.missing = set(sources)
        if refresh:
            self.entries: dict[Source, Entry] = {}
            store.refresh(self.missing, self._take)
        else:
            self.entries = store.read(self.missing, self._take)
            self.missing -= self.entries.keys()

    @property
    def has_last_good(self) -> bool:
        """Whether there is a last good value for all that is missing, which would be served."""
        return not self._refresh and all(map(self._store.may_serve_stale, self.missing))

    def give_up(self) -> None:
        """Finish without the entries that are missing; they count as late."""
        for source in self.missing:
            self.entries[source] = self._late(source)
        self.missing.clear()
        self.finish(self.entries)

    def _take(self, result: FetchResult) -> None:
        if result.source not in self.missing:  # it was given up
            return
        failed_refresh = self._refresh and isinstance(result.outcome, Failed)
        entry = Entry.of(result.outcome, 0.0, 0.0) if failed_refresh else result.entry
        self.entries[result.source] = entry
        self.missing.discard(result.source)
        if not self.missing:
            self.finish(self.entries)

    def _late(self, source: Source) -> Entry:
        if self._refresh:
            return Entry.of(LATE, 0.0, 0.0)
        return self._store.last_good(source, LATE)

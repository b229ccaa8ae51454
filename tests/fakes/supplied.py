"""A supply whose time and upstream are in a test's own hands."""

from collections.abc import Iterable

from extension.cache.cache import Cache
from extension.cache.secret_store import FetchResult, SecretStore
from extension.http.failure import Failed
from extension.sources.responses.outcome import Found
from extension.sources.source import Source

TTL, STALE, NEGATIVE = 300, 3600, 5


def value(text: str | bytes, version: str = "1") -> Found:
    """A value upstream."""
    return Found("/a", text, version, "SecureString", "arn:a", 1_600_000_000.0)


def nobody(delivery: FetchResult) -> None:
    """A waiter of a read that is answered at once."""
    raise AssertionError(f"somebody waited, and got {delivery.outcome}")


class Supplied:
    """A supply, the time, and what is being fetched for it.

    Attributes:
        now: The time, in seconds since the epoch.
        fetching: The sources whose fetch has begun, oldest first; `deliver` takes them out.
        patient: Whether the latest fetch is to be patient.
        supply: The supply.
        moment: The time that tells what came first; it passes with everything that is asked.
    """

    def __init__(self, ttl: int = TTL) -> None:
        self.now = 1_700_000_000.0
        self.fetching: list[Source] = []
        self.patient: bool | None = None
        cache = Cache(lambda _: ttl, STALE, NEGATIVE)
        self.supply = SecretStore(cache, self._fetch, lambda: self.now, self.pass_by)
        self.moment = 0
        self._began: dict[Source, int] = {}

    def pass_by(self) -> int:
        """Let a moment pass; the time after it."""
        self.moment += 1
        return self.moment

    def deliver(self, outcome: Found | Failed, *, began: int | None = None) -> None:
        """End the oldest fetch.

        Args:
            outcome: What it brings.
            began: When the call began that this is from; the fetch's own beginning unless told.
        """
        source = self.fetching.pop(0)
        moment = self._began.pop(source)
        self.supply.deliver({source: outcome}, moment if began is None else began)

    def hold(self, source: Source, outcome: Found | Failed) -> None:
        """Let the supply have an outcome that was fetched just now."""
        self.supply.deliver({source: outcome}, self.pass_by())

    def _fetch(self, sources: Iterable[Source], patient: bool) -> None:
        began = self.pass_by()
        for source in sources:
            self.fetching.append(source)
            self._began[source] = began
        self.patient = patient

"""The provider of credentials: gives those that hold now, and renews them before they expire."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from ...declared.credentials import Credentials
from ...http.failure import Failed, Kind, UpstreamError

RENEWAL = "renew credentials"
"""The name of the threads that do so."""
# Seconds before they expire: by chance, so that what was started together does not ask together.
_RENEWED_BEFORE = 300.0
_SPREAD = 300.0
_LONGEST = 5.0  # seconds that a renewal may take
_PAUSE = 15.0  # seconds, at least, until the next one where it has failed
_RECENT = 3  # credentials that AWS may still name in an error, those in use among them
_LATE = Failed(Kind.INVALID, "the credentials have not come in time")


class CredentialSource(Protocol):
    """Where credentials come from."""

    def fetch(self, deadline: float) -> Credentials:
        """New credentials.

        Args:
            deadline: the latest moment, in seconds of `time.monotonic`.

        Raises:
            UpstreamError: there are none.
        """


class CredentialProvider:
    """Gives the credentials that hold now; safe to ask from several threads.

    Theory of operation: who needs credentials waits only where none hold. Where they hold and will
    expire soon, they are given, and a thread of its own renews them; where that fails, it is tried
    again while they hold.

    Args:
        source: where they come from; credentials that nobody renews are their own source.
        clock: the time, in seconds since the epoch.
        random_fraction: gives random numbers from 0 to 1.
    """

    __slots__ = (
        "_clock",
        "_current",
        "_lock",
        "_random_fraction",
        "_recent",
        "_rejected",
        "_renewed_at",
        "_source",
    )

    def __init__(
        self,
        source: Credentials | CredentialSource,
        clock: Callable[[], float],
        random_fraction: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._random_fraction = random_fraction
        self._lock = threading.Lock()  # held by who fetches
        self._rejected = False  # AWS calls the current ones expired
        self._renewed_at = float("inf")  # in seconds since the epoch
        given = isinstance(source, Credentials)
        self._source: CredentialSource | None = None if given else source  # type: ignore[assignment]
        self._current = source if isinstance(source, Credentials) else None
        self._recent = (source,) if isinstance(source, Credentials) else ()

    def session_token(self) -> str | None:
        """The session token of the credentials in use, if any."""
        return self._current.session_token if self._current else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The keys and session tokens in use, and those before: what no text may hold."""
        return tuple(
            text
            for each in self._recent
            for text in (each.access_key, each.secret_key, each.session_token or "")
        )

    @property
    def at_hand(self) -> bool:
        """Whether there are credentials that hold, so that nobody would wait for them."""
        return self._holding() is not None

    def credentials(self, deadline: float) -> Credentials:
        """The credentials that hold now, fetched where they must be.

        Args:
            deadline: the latest moment, in seconds of `time.monotonic`.

        Raises:
            UpstreamError: there are none.
        """
        holding = self._holding()
        if holding is None:
            return self._fetched(deadline)
        if self._clock() >= self._renewed_at:
            self._renew_ahead()
        return holding

    def renew(self) -> None:
        """Sign nothing more with credentials that AWS calls expired, where others can be had."""
        self._rejected = self._source is not None

    def _holding(self) -> Credentials | None:
        current = self._current
        if current is None or self._rejected:
            return None
        expiry = current.expires_at
        return current if expiry is None or self._clock() < expiry else None

    def _fetched(self, deadline: float) -> Credentials:
        if not self._lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise UpstreamError(_LATE)
        try:
            return self._holding() or self._fetch(deadline)
        finally:
            self._lock.release()

    def _fetch(self, deadline: float) -> Credentials:
        assert self._source is not None  # noqa: S101 - or there would be some that hold
        self._current = fetched = self._source.fetch(deadline)
        self._recent = (*self._recent, fetched)[-_RECENT:]
        self._rejected = False
        now, expiry = self._clock(), fetched.expires_at
        if expiry is not None:
            ahead = _RENEWED_BEFORE + _SPREAD * self._random_fraction()
            self._renewed_at = max(expiry - ahead, (now + expiry) / 2)
        return fetched

    def _renew_ahead(self) -> None:
        """Renew on a thread of its own, unless that is under way."""
        if not self._lock.acquire(blocking=False):
            return
        self._renewed_at = self._clock() + _PAUSE * (1 + self._random_fraction())  # where it fails
        try:
            threading.Thread(target=self._renew, name=RENEWAL, daemon=True).start()
        except (RuntimeError, MemoryError):
            self._lock.release()

    def _renew(self) -> None:
        try:
            self._fetch(time.monotonic() + _LONGEST)
        except Exception:  # noqa: S110 - it is told where it matters: when none hold any more
            pass
        finally:
            self._lock.release()

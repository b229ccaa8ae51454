"""The daemon: what goes on after the first request was sent, until SHUTDOWN."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Set

from ..aws.fetcher import BRIEF_ATTEMPTS, PATIENT_ATTEMPTS
from ..aws.lanes import Lanes
from ..aws.upstream import Upstream
from ..cache.cache import Cache
from ..cache.secret_store import SecretStore
from ..endpoint.endpoint import Endpoint
from ..endpoint.exchange import Timing
from ..endpoint.server.server import Server
from ..endpoint.status import status
from ..http.failure import Failed, Kind
from ..http.loop import Loop, Timer
from ..sources.responses.outcome import Outcome
from ..sources.source import Source
from .host import Host
from .local_file import LocalFile
from .log.log import Log
from .randomness import random_fraction
from .start.start import Start

_LOOK_AGAIN = 0.005  # seconds
_GRACE = 0.5  # beyond a fetch's own budget, as a fetch that fails says why
_FAREWELL = 0.2  # seconds in which those who waited to the last may take their response
_ENDING = Failed(Kind.TIMEOUT, "upstream has not answered, and the environment is shutting down")


class Daemon:
    """Serves the endpoint.

    Theory of operation: `starting` until the prefetch has brought an outcome for every declared
    secret, or its time is up; then `ready`; `draining` from `drain` on, until no client is owed an
    answer.

    Args:
        start: what was begun; it must not have failed.
        log: the log.
        when_ready: called once, on the loop's thread, with the declared secrets that can't be
            had, and why.
    """

    __slots__ = (
        "_awaited",
        "_endpoint",
        "_host",
        "_log",
        "_optional",
        "_prefetch_limit",
        "_server",
        "_start",
        "_store",
        "_upstream",
        "_when_ready",
        "loop",
    )

    def __init__(
        self, start: Start, log: Log, when_ready: Callable[[Mapping[str, Failed]], None]
    ) -> None:
        settings = start.settings
        self.loop = Loop(log.internal_error)
        self._start = start
        self._log = log
        self._when_ready = when_ready
        declared = dict.fromkeys(each.source for each in start.declarations.all()).keys()
        self._optional = start.declarations.optional()
        self._upstream = self._make_upstream(declared)
        cache = Cache(
            lambda source: settings.services[source.service].ttl,
            settings.stale_if_error,
            settings.negative_ttl,
            pinned=declared,
            optional=self._optional,
            capacity=settings.cache_size,
            most_bytes=settings.cache_bytes,
            random_fraction=random_fraction,
        )
        self._store = SecretStore(cache, self._upstream.fetch, time.time, time.monotonic)
        self._host = Host(start, log, cache, self.loop.call_later, self._counters)
        log.clean = self._host.clean
        longest = max(each.timeout for each in settings.services.values())
        self._endpoint = Endpoint(
            start.declarations,
            self._store,
            self._host,
            Timing(
                time.time,
                self.loop.call_later,
                PATIENT_ATTEMPTS * longest + _GRACE,
                BRIEF_ATTEMPTS * longest + _GRACE,
            ),
            declared_only=settings.declared_only,
        )
        answers = self._endpoint.handle, self._endpoint.refuse
        self._server = Server(self.loop, start.listener, *answers)
        self._prefetch_limit: Timer | None = None
        self._awaited: set[Source] = set()  # what the prefetch has not brought yet

    def _make_upstream(self, declared: Set[Source]) -> Upstream | LocalFile:
        start, loop = self._start, self.loop
        if start.local:
            return LocalFile(start.local, loop.call_soon, self._deliver)
        lanes = Lanes(
            start.settings,
            declared,
            start.identities,
            start.clients,
            self._log,
            loop.call_soon,
            random_fraction,
        )
        return Upstream(start.settings, lanes, self._log, loop.call_later, self._deliver)

    def run(self) -> None:
        """Take over the prefetch and serve, until `loop.stop`."""
        jobs = [job for job, _ in self._start.prefetch.started] + self._start.prefetch.waiting
        self._awaited = {source for job in jobs for source in job}
        self._store.expect(self._awaited)
        self._upstream.resume_from(self._start.prefetch)
        if jobs:
            left = self._start.settings.prefetch_timeout - self._start.phases.elapsed() / 1000
            self._prefetch_limit = self.loop.call_later(max(0.0, left), self._end_hold)
        else:  # nothing is declared, or nothing may be fetched yet
            self._become_ready({})
        self.loop.run()
        self.warn_of_settings()  # where it ended before anybody else has

    def warn_of_settings(self) -> None:
        """Log what looks like a mistake in the settings, once; for any thread.

        Whoever calls it has let go of those who wait for the start: see `Settings.warnings`.
        """
        for warning in self._host.warnings() if self._log.writes("warn") else ():
            self._log.warn_once(warning)

    @property
    def is_ready(self) -> bool:
        """Whether the prefetch is over, and `drain` has not begun."""
        return self._host.state == "ready"

    def refresh_due(self) -> None:
        """Start the refreshes that declared values are due for."""
        self._store.fetch(self._store.cache.due(time.time()))

    def fetch_missing(self) -> None:
        """Start to fetch what was declared and is not held."""
        self._store.fetch(self._store.cache.missing())

    def drain(self, limit: float) -> None:
        """Take no more clients, answer those that wait, then end `run`.

        Args:
            limit: how long they may wait for upstream, in seconds; then they get what there is.
        """
        if self._host.state == "draining":
            return
        self._host.state = "draining"
        self._server.drain()
        self.loop.call_later(limit, lambda: self._store.give_up(_ENDING))
        self.loop.call_later(limit + _FAREWELL, self.loop.stop)
        self.loop.call_later(_LOOK_AGAIN, self._stop_when_idle)  # some have just sent a request

    def _stop_when_idle(self) -> None:
        if self._server.drain():
            self.loop.stop()
        else:
            self.loop.call_later(_LOOK_AGAIN, self._stop_when_idle)

    def _deliver(self, outcomes: Mapping[Source, Outcome], began: float) -> None:
        for source, outcome in outcomes.items():
            if isinstance(outcome, Failed):
                self._log_failure(source, outcome)
            held = self._store.cache.peek(source)
            if held is not None and held.outcome != outcome:
                self._host.keep_out(held.outcome)
        self._store.deliver(outcomes, began)
        self._awaited -= outcomes.keys()
        if self._host.state == "starting" and not self._awaited:
            self._start.phases.mark("received")
            self._end_prefetch()

    def _log_failure(self, source: Source, failed: Failed) -> None:
        """Log a failure, unless the last attempt has failed in the same way."""
        if failed == self._store.cache.last_failure(source):
            return
        if failed.kind is Kind.MISSING and source in self._optional:
            self._log.debug("an optional secret does not exist", name=source.name)
            return
        log, message = self._log.error, "a secret is unavailable"
        if failed.transient and self._store.cache.may_serve_stale(source, time.time()):
            log, message = self._log.warn, "a secret can't be refreshed; its last value is served"
        log(message, name=source.name, reason=failed.detail, hint=failed.hint)

    def _end_hold(self) -> None:
        """Go on without what the prefetch has not brought in time; whoever reads it, waits."""
        named = self._start.declarations.by_name()
        late = sorted(alias for alias, each in named if each.source in self._awaited)
        self._log.warn(
            "the prefetch takes longer than init is held for it; reads of what it has not brought "
            "yet go on waiting",
            missing=late,
            hint="see the reasons that calls have failed for, or raise "
            "WARMKEY_PREFETCH_TIMEOUT_MILLIS, and the function's timeout above it",
        )
        self._end_prefetch()

    def _end_prefetch(self) -> None:
        if self._prefetch_limit is not None:
            self._prefetch_limit.cancel()
        if self._host.state == "starting":
            missing = status.missing(self._start.declarations, self._store.cache)
            self._become_ready(dict(missing))

    def _become_ready(self, missing: Mapping[str, Failed]) -> None:
        self._host.state = "ready"
        self._start.phases.mark("ready")
        gc.freeze()
        gc.enable()
        self._when_ready(missing)

    def _counters(self) -> Mapping[str, int]:
        return {"reads": self._endpoint.reads, **self._upstream.counters}

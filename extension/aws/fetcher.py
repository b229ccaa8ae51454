"""Fetching: from sources to outcomes, patiently, by the fewest calls.

A batch that is refused for good (no permission for it, or one name that poisons it) falls back to
single calls, so that the good names still work. A throttled batch never does: that would make ten
calls of one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from ..http.failure import Failed, Kind, UpstreamError
from ..http.messages import Response
from ..sources.calls import Call
from ..sources.outcome import Outcome
from ..sources.services import SERVICES
from ..sources.source import Answer, Job, Source
from . import retry
from .client import Client
from .credentials import CredentialProvider
from .log import Log
from .prefetch import first_call

# How long a fetch may take: as long as so many attempts that each time out.
PATIENT = 5
BRIEF = 1
_SHORTEST_FREEZE = 1.0  # seconds; what is late by less was merely slow
_FROZEN = Failed(Kind.TIMEOUT, "the environment was frozen while the answer was on its way")


class Waits:
    """The time that passes while something is fetched, and chance; a test has its own."""

    __slots__ = ()

    def now(self) -> float:
        """The time, in seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        time.sleep(seconds)

    def chance(self) -> float:
        """A random number from 0 to 1."""
        return int.from_bytes(os.urandom(2), "big") / 65535


class Fetcher:
    """Fetches over one client; each worker has its own.

    Args:
        client: makes the calls.
        credentials: where expired credentials are renewed.
        timeout: how long one attempt may take, in seconds.
        log: where a missing permission is named.
        count: told of each call, and of each that failed.
        clock: the time, in seconds since the epoch.
        waits: how time passes for deadlines, which no clock that is set may move.
    """

    __slots__ = ("_client", "_clock", "_count", "_credentials", "_log", "_timeout", "_waits")

    def __init__(
        self,
        client: Client,
        credentials: CredentialProvider,
        timeout: float,
        log: Log,
        count: Callable[[str], None],
        clock: Callable[[], float],
        waits: Waits | None = None,
    ) -> None:
        self._client = client
        self._clock = clock
        self._credentials = credentials
        self._timeout = timeout
        self._log = log
        self._count = count
        self._waits = waits or Waits()

    def fetch(self, job: Job, patience: int = PATIENT) -> Mapping[Source, Outcome]:
        """The outcome of every source of a job; it never raises for what upstream does.

        Args:
            job: what to fetch.
            patience: how many attempts' time it may take, or each page of a path.
        """
        if len(job) > 1:
            return self._batch(job, self._deadline(patience))

        def ask(call: Call, read: Callable[[Response], Answer | Failed]) -> Answer | Failed:
            return self._patiently(call, read, self._deadline(patience))

        return {job[0]: job[0].fetch(ask, self._clock)}

    def _batch(self, job: Job, deadline: float) -> Mapping[Source, Outcome]:
        call, service = first_call(job), SERVICES[job[0].service]

        def ask(call: Call, read: Callable[[Response], Answer | Failed]) -> Answer | Failed:
            return self._patiently(call, read, deadline)

        outcomes = ask(call, lambda response: service.read_batch(response, job))
        if isinstance(outcomes, Failed):
            if outcomes.transient:
                return dict.fromkeys(job, outcomes)
            self._log.warn_once(
                f"{call.action} was refused; each name is read with a call of its own",
                detail=outcomes.detail,
                hint=outcomes.hint or f"grant {call.service}:{call.action} to the function's role",
            )
            outcomes = {}
        return {source: outcomes.get(source) or source.fetch(ask, self._clock) for source in job}

    def _deadline(self, patience: int) -> float:
        return self._waits.now() + patience * self._timeout

    def _patiently(
        self, call: Call, read: Callable[[Response], Answer | Failed], deadline: float
    ) -> Answer | Failed:
        """Try until it works, is refused for good, or the deadline is near."""
        now = self._waits.now
        attempt = 0
        before: Failed | None = None
        while True:
            cut_short = deadline - now() < self._timeout
            latest = min(deadline, now() + self._timeout)
            outcome = self._attempt(call, read, latest)
            late = now() >= latest
            deadline += self._stood_still(latest)
            if not (isinstance(outcome, Failed) and outcome.retryable):
                return outcome
            if before is not None and cut_short and (late or outcome.kind is Kind.TIMEOUT):
                return before  # which tells more than that there was no time for this one
            wait = retry.delay(attempt, self._waits.chance())
            if now() + wait >= deadline:
                return outcome
            self._log.debug("a call is tried again", action=call.action, detail=outcome.detail)
            awake = now() + wait
            self._waits.sleep(wait)
            deadline += self._stood_still(awake)
            attempt, before = attempt + 1, outcome

    def _stood_still(self, latest: float) -> float:
        """For how long nothing ran, in seconds, where a step should be over since some moment."""
        late = self._waits.now() - latest
        return late if late > _SHORTEST_FREEZE else 0.0

    def _attempt(
        self, call: Call, read: Callable[[Response], Answer | Failed], latest: float
    ) -> Answer | Failed:
        self._count("upstreamCalls")
        asked_at = self._clock()
        try:
            response = self._client.call(call, latest)
            outcome = read(response)
            if isinstance(outcome, Failed):
                self._heed(outcome, response)
        except UpstreamError as error:
            outcome = error.failed
        if isinstance(outcome, Failed):
            self._count("upstreamErrors")
        elif self._clock() - asked_at > self._timeout + _SHORTEST_FREEZE:
            self._client.abandon()
            return _FROZEN  # such an answer may be hours old
        return outcome

    def _heed(self, failed: Failed, response: Response) -> None:
        """Mend what the next call would fail of, too."""
        if failed.kind is Kind.EXPIRED:
            self._credentials.renew()
            self._client.set_clock(response)
        elif failed.kind is Kind.INVALID and response.status == 200:
            self._client.abandon()  # the connection may mix up its answers

"""Fetching: from sources to outcomes, patiently, by the fewest calls.

A batch that is refused for good (no permission for it, or one name that poisons it) falls back to
single calls, so that the good names still work. A throttled batch never does: that would make ten
calls of one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from ..http.failure import Failed, UpstreamError
from ..http.messages import Response
from ..sources import calls, parameters_by_path, replies, secret_batch
from ..sources.outcome import Found, Listing, Outcome
from ..sources.parameters_by_path import Page
from ..sources.source import Parameter, ParameterPath, Secret, Source
from . import retry
from .client import Client
from .credentials import CredentialProvider
from .log import Log
from .prefetch import Job, first_call

Answer = TypeVar("Answer")

# How long a fetch may take: as long as so many attempts that each time out.
PATIENT = 5
BRIEF = 1
_LISTINGS = 3  # at most, of a path that is changed all the time
_SHORTEST_FREEZE = 1.0  # seconds; what is late by less was merely slow
_FROZEN = Failed("timeout", "the environment was frozen while the answer was on its way")


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
        match job:
            case (ParameterPath() as path,):
                return {path: self._listing(path, patience)}
            case (Parameter() | Secret() as source,):
                return {source: self._single(source, self._deadline(patience))}
        return self._batch(job, self._deadline(patience))

    def _single(self, source: Parameter | Secret, deadline: float) -> Outcome:
        return self._patiently(
            calls.get(source), lambda response: replies.read(response, source), deadline
        )

    def _batch(self, job: Job, deadline: float) -> Mapping[Source, Outcome]:
        call = first_call(job)
        outcomes = self._patiently(call, lambda response: _read_batch(response, job), deadline)
        if isinstance(outcomes, Failed):
            if outcomes.passing:
                return dict.fromkeys(job, outcomes)
            self._log.warn_once(
                f"{call.action} was refused; each name is read with a call of its own",
                detail=outcomes.detail,
                hint=outcomes.hint or f"grant {call.service}:{call.action} to the function's role",
            )
            outcomes = {}
        singles = [source for source in job if not isinstance(source, ParameterPath)]
        return {
            source: outcomes.get(source) or self._single(source, deadline) for source in singles
        }

    def _listing(self, path: ParameterPath, patience: int) -> Outcome:
        """Every value below a path.

        Pages are read one after the other. Where a later one holds what was written since the
        first, all are read again: of values that are rotated together, a reader gets all or none.
        """
        members: dict[str, Found] = {}
        for _ in range(_LISTINGS):
            began = self._clock()
            pages = self._pages(path, patience)
            if isinstance(pages, Failed):
                return pages
            members = {name: found for page in pages for name, found in page.members.items()}
            later = (found for page in pages[1:] for found in page.members.values())
            if all(found.modified < began for found in later):
                break
        return Listing(path.name, members)

    def _pages(self, path: ParameterPath, patience: int) -> list[Page] | Failed:
        """Every page of a path, or none: half of it would look like parameters that are gone."""
        pages: list[Page] = []
        tokens = [""]
        while True:
            call = parameters_by_path.call(path, tokens[-1])
            page = self._patiently(
                call,
                lambda response: parameters_by_path.read(response, path),
                self._deadline(patience),
            )
            if isinstance(page, Failed):
                return page
            pages.append(page)
            if not page.next_token:
                return pages
            if page.next_token in tokens:
                return Failed("broken", f"the pages of {path.name} do not end")
            tokens.append(page.next_token)

    def _deadline(self, patience: int) -> float:
        return self._waits.now() + patience * self._timeout

    def _patiently(
        self, call: calls.Call, read: Callable[[Response], Answer | Failed], deadline: float
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
            if not (isinstance(outcome, Failed) and outcome.worth_retrying):
                return outcome
            if before is not None and cut_short and (late or outcome.kind == "timeout"):
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
        self, call: calls.Call, read: Callable[[Response], Answer | Failed], latest: float
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
        if failed.kind == "expired":
            self._credentials.renew()
            self._client.set_clock(response)
        elif failed.kind == "broken" and response.status == 200:
            self._client.abandon()  # the connection may mix up its answers


def _read_batch(response: Response, job: Job) -> Mapping[Source, Outcome] | Failed:
    """Read the answer to the call of a job with several sources."""
    parameters = [source for source in job if isinstance(source, Parameter)]
    if parameters:
        return replies.read_parameters(response, parameters)
    return secret_batch.read(response, [source for source in job if isinstance(source, Secret)])

"""Fetching: from sources to outcomes, with retries, by the fewest calls.

A batch that is refused permanently (no permission for it, or one name that poisons it) falls back
to single calls, so that the good names still work. A throttled batch never does: that would make
ten calls of one.

Theory of operation: a fetch is a generator, which does nothing but decide. It yields the attempts
that a worker shall make, and the pauses in which no worker has anything to do with it; `Upstream`
runs it on the loop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass

from ..http.failure import Failed, Kind
from ..http.messages import Response
from ..sources.calls import Call
from ..sources.responses.errors import grantee
from ..sources.responses.outcome import Outcome
from ..sources.service import Job
from ..sources.services import SERVICES
from ..sources.source import Result, Source, Steps
from .attempt import SHORTEST_FREEZE, Attempt, Tried
from .history import History
from .log import Log
from .prefetch import first_call
from .retry import RetryQuota

# How long a fetch may take: as long as so many attempts that each time out.
PATIENT_ATTEMPTS = 5
BRIEF_ATTEMPTS = 1
_LONGEST_REST = 0.5  # of an attempt's time, that a source which has failed before rests first
_NO_TURN = Failed(
    Kind.TIMEOUT,
    "no connection was free in time",
    "raise WARMKEY_MAX_CONNECTIONS, or read fewer names that AWS does not answer for",
)


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is to be done for some seconds."""

    seconds: float


Outcomes = Mapping[Source, Outcome]
Fetch = Generator[Attempt | Pause, Tried | None, Outcomes]
"""A fetch under way: an attempt is answered by what came of it, or None where it got no turn."""


class Fetcher:
    """Fetches the sources of one service.

    Args:
        timeout: how long one attempt may take, in seconds.
        log: where a missing permission is named, and the first failure of a source.
        is_declared: whether a source is that of a declared secret.
        clock: the time, in seconds since the epoch.
        monotonic: the time that deadlines are in, which no clock that is set may move.
        random_fraction: gives random numbers from 0 to 1.

    Attributes:
        history: how the attempts for each source went.
    """

    __slots__ = (
        "_clock",
        "_is_declared",
        "_log",
        "_now",
        "_quota",
        "_random_fraction",
        "_timeout",
        "history",
    )

    def __init__(
        self,
        timeout: float,
        log: Log,
        is_declared: Callable[[Source], bool],
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        random_fraction: Callable[[], float],
    ) -> None:
        self._timeout = timeout
        self._log = log
        self._is_declared = is_declared
        self._clock = clock
        self._now = monotonic
        self._random_fraction = random_fraction
        self._quota = RetryQuota()
        self.history = History()

    def fetch(self, job: Job, attempts: int = PATIENT_ATTEMPTS) -> Fetch:
        """Fetch every source of a job; it never raises for what upstream does.

        Args:
            job: what to fetch.
            attempts: the time of how many it may take, or each page of a path.
        """
        if len(job) > 1:
            return self._batch(job, self._deadline(attempts))
        return self._single(job[0], lambda: self._deadline(attempts))

    def _single(self, source: Source, deadline: Callable[[], float]) -> Fetch:
        def ask(call: Call, read: Callable[[Response], Result | Failed]) -> Steps[Result | Failed]:
            return self._with_retries((source,), call, read, deadline())

        return {source: (yield from source.fetch(ask, self._clock))}

    def _batch(self, job: Job, deadline: float) -> Fetch:
        call, service = first_call(job), SERVICES[job[0].service]
        outcomes = yield from self._with_retries(
            job, call, lambda response: service.read_batch(response, job), deadline
        )
        if isinstance(outcomes, Failed):
            if outcomes.transient:
                return dict.fromkeys(job, outcomes)
            role = grantee(job[0].role)
            self._log.warn_once(
                f"{call.action} was refused; each name is read with a call of its own",
                detail=outcomes.detail,
                hint=outcomes.hint or f"grant {call.service}:{call.action} to {role}",
            )
            outcomes = {}
        found = dict(outcomes)
        for source in job:
            if source not in found:
                found |= yield from self._single(source, lambda: deadline)
        return found

    def _deadline(self, attempts: int) -> float:
        return self._now() + attempts * self._timeout

    def _with_retries(
        self, job: Job, call: Call, read: Callable[[Response], Result | Failed], deadline: float
    ) -> Steps[Result | Failed]:
        """Try until it works, is refused permanently, or the deadline is near or the quota used up.

        Time in which nothing ran moves the deadline; so does waiting for a worker, for what is
        declared: others would hold up what came after them, and those who read them give up.
        """
        declared = any(map(self._is_declared, job))
        paid, before = 0, None
        rest = min(self.history.rest(job, self._now()), self._timeout * _LONGEST_REST)
        while True:
            if rest > 0:
                awake = self._now() + rest
                yield Pause(rest)
                deadline += _suspended_for(self._now() - awake)
            asked_at = self._now()
            seconds = min(self._timeout, deadline - asked_at)
            rank = self.history.rank(job, declared=declared)
            tried = yield Attempt(
                job, call, read, seconds, math.inf if declared else deadline, rank
            )
            if tried is None:
                return before or _NO_TURN
            is_late = tried.ended >= tried.latest
            was_cut_short = is_late and tried.latest < min(deadline, tried.began + seconds)
            if declared:
                deadline += tried.began - asked_at
            deadline += _suspended_for(tried.ended - tried.latest)
            outcome: Result | Failed = tried.outcome
            if not isinstance(outcome, Failed):
                self._quota.give_back(paid)
            if not (isinstance(outcome, Failed) and outcome.transient):
                self.history.succeeded(job)
                return outcome
            is_first = self.history.failed(job, tried.ended, self._random_fraction())
            no_time = seconds < self._timeout and (is_late or outcome.kind is Kind.TIMEOUT)
            if before is not None and no_time:
                return before  # which tells more than that there was no time for this one
            rest = self.history.rest(job, self._now())
            if not outcome.retryable or self._now() + rest >= deadline:
                return outcome
            paid = 0 if was_cut_short else self._quota.take(outcome, declared=declared)
            if not (paid or was_cut_short):
                return outcome
            log = self._log.info if is_first else self._log.debug
            log(
                "a call has failed, and is tried again",
                action=call.action,
                names=[source.name for source in job],
                reason=outcome.detail,
            )
            before = outcome


def _suspended_for(late: float) -> float:
    """For how long nothing ran, where a step was over so late; both in seconds."""
    return late if late > SHORTEST_FREEZE else 0.0

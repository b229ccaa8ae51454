"""One attempt to make a call, which is what a worker does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..http.failure import Failed, Kind, UpstreamError
from ..http.messages import Response
from ..sources.calls import Call
from ..sources.service import Job
from .client.client import Client
from .credentials.provider import CredentialProvider
from .worker_queue import Rank

SHORTEST_FREEZE = 1.0  # seconds; what is late by less was merely slow
_FROZEN = Failed(Kind.TIMEOUT, "the environment was frozen while the answer was on its way")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What to try.

    Attributes:
        job: the sources that it is for.
        call: what to ask.
        read: reads the response.
        seconds: how long it may take.
        deadline: when there is no use in it any more, in seconds of `time.monotonic`.
        rank: which attempts it comes before, where there are more than workers.
    """

    job: Job
    call: Call
    read: Callable[[Response], Any]
    seconds: float
    deadline: float
    rank: Rank


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an attempt.

    Attributes:
        outcome: what was read, or why there is nothing.
        began: when it began, in seconds of `time.monotonic`.
        latest: until when it had time, likewise.
        ended: when it was over, likewise.
    """

    outcome: Any
    began: float
    latest: float
    ended: float


class AttemptRunner:
    """Makes attempts over one client; each worker has its own.

    Args:
        client: makes the calls.
        credentials: where expired credentials are renewed.
        timeout: how long an attempt may take, in seconds.
        clock: the time, in seconds since the epoch.
        monotonic: the time that deadlines are in, which no clock that is set may move.
    """

    __slots__ = ("_client", "_clock", "_credentials", "_monotonic", "_timeout")

    def __init__(
        self,
        client: Client,
        credentials: CredentialProvider,
        timeout: float,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self._client = client
        self._credentials = credentials
        self._timeout = timeout
        self._clock = clock
        self._monotonic = monotonic

    def run(self, attempt: Attempt) -> Tried:
        """Make an attempt; it never raises for what upstream does."""
        began = self._monotonic()
        latest = min(attempt.deadline, began + attempt.seconds)
        outcome = self._outcome(attempt, latest)
        return Tried(outcome, began, latest, self._monotonic())

    def _outcome(self, attempt: Attempt, latest: float) -> Any:
        asked_at = self._clock()
        try:
            response = self._client.call(attempt.call, latest)
            outcome = attempt.read(response)
            if isinstance(outcome, Failed):
                self._recover(outcome, response)
                return outcome
        except UpstreamError as error:
            return error.failed
        if self._clock() - asked_at > self._timeout + SHORTEST_FREEZE:
            self._client.reset()
            return _FROZEN  # such a response may be hours old
        return outcome

    def _recover(self, failed: Failed, response: Response) -> None:
        """Mend what the next call would fail of, too."""
        if failed.kind is Kind.UNAUTHENTICATED:
            self._credentials.renew()
        elif failed.kind is Kind.EXPIRED:
            self._credentials.renew()
            self._client.set_clock(response)
        elif failed.kind is Kind.INVALID and response.status == 200:
            self._client.reset()  # the connection may mix up its responses

"""Fetching: from sources to outcomes, patiently, by the fewest calls.

A batch that is refused for good (no permission for `GetParameters`, or one name that poisons it)
falls back to single `GetParameter` calls, so that the good names still work. A throttled batch
never does: that would make ten calls of one.
"""

from __future__ import annotations

import posix
import time

from . import aws, retry
from .outcome import Failed
from .prefetch import first_call
from .reference import Parameter
from .upstream_error import UpstreamError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from .caller import Caller
    from .credentials import CredentialProvider
    from .http1 import Response
    from .log import Log
    from .outcome import Outcome
    from .prefetch import Job
    from .reference import Source

    Answer = TypeVar("Answer")

ATTEMPTS_WORTH = 5  # a fetch may take as long as this many attempts that each time out


class Fetcher:
    """Fetches over one caller; each worker has its own.

    Args:
        caller: makes the calls.
        credentials: where expired credentials are renewed.
        timeout: how long one attempt may take, in seconds.
        log: where a missing permission is named.
        count: told of each call, and of each that failed.
    """

    __slots__ = ("_caller", "_count", "_credentials", "_log", "_timeout")

    def __init__(
        self,
        caller: Caller,
        credentials: CredentialProvider,
        timeout: float,
        log: Log,
        count: Callable[[str], None],
    ) -> None:
        self._caller = caller
        self._credentials = credentials
        self._timeout = timeout
        self._log = log
        self._count = count

    def fetch(self, job: Job) -> Mapping[Source, Outcome]:
        """The outcome of every source of a job; it never raises for what upstream does."""
        deadline = time.monotonic() + ATTEMPTS_WORTH * self._timeout
        parameters = [source for source in job if isinstance(source, Parameter)]
        if len(parameters) < 2:
            return {source: self._single(source, deadline) for source in job}
        outcomes = self._patiently(
            first_call(job), lambda response: aws.read_parameters(response, parameters), deadline
        )
        if isinstance(outcomes, Failed):
            if outcomes.passing:
                return dict.fromkeys(job, outcomes)
            self._log.warn_once(
                "GetParameters was refused; each parameter is read by a call of its own",
                detail=outcomes.detail,
                hint=outcomes.hint or "grant ssm:GetParameters on each of them to the role",
            )
            outcomes = {}
        return {
            parameter: outcomes.get(parameter) or self._single(parameter, deadline)
            for parameter in parameters
        }

    def _single(self, source: Source, deadline: float) -> Outcome:
        return self._patiently(
            aws.get(source), lambda response: aws.read(response, source), deadline
        )

    def _patiently(
        self, call: aws.Call, read: Callable[[Response], Answer | Failed], deadline: float
    ) -> Answer | Failed:
        """Try until it works, is refused for good, or the deadline is near."""
        attempt = 0
        before: Failed | None = None
        while True:
            cut_short = deadline - time.monotonic() < self._timeout
            outcome = self._attempt(call, read, deadline)
            if not (isinstance(outcome, Failed) and outcome.passing):
                return outcome
            if before is not None and cut_short and outcome.kind == "timeout":
                return before  # which tells more than that there was no time for this one
            if outcome.kind == "expired":
                self._credentials.renew()
            wait = retry.delay(attempt, int.from_bytes(posix.urandom(2), "big") / 65535)
            if time.monotonic() + wait >= deadline:
                return outcome
            self._log.debug("a call is tried again", action=call.action, detail=outcome.detail)
            time.sleep(wait)
            attempt, before = attempt + 1, outcome

    def _attempt(
        self, call: aws.Call, read: Callable[[Response], Answer | Failed], deadline: float
    ) -> Answer | Failed:
        self._count("upstreamCalls")
        try:
            latest = min(deadline, time.monotonic() + self._timeout)
            outcome = read(self._caller.call(call, latest))
        except UpstreamError as error:
            outcome = error.failed
        if isinstance(outcome, Failed):
            self._count("upstreamErrors")
        return outcome

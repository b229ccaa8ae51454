"""A fetcher whose upstream is a script: what each call is answered, in turn."""

import json
import random
import time
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from typing import Any

from extension.aws.attempt import Attempt, AttemptRunner, Tried
from extension.aws.client.client import Call, Client
from extension.aws.credentials.provider import CredentialProvider
from extension.aws.fetcher import PATIENT_ATTEMPTS, Fetch, Fetcher, Outcomes, Pause
from extension.declared.credentials import Credentials
from extension.http.failure import Failed, UpstreamError
from extension.http.messages import Response
from extension.run.log.log import Log
from extension.sources.service import Job
from extension.sources.source import Source
from tests.fakes.identity import never
from tests.patience import PATIENCE

Step = Response | Failed | Callable[[], Response]


class ScriptedCaller(Client):
    """Answers from a script; its last step is repeated without end.

    Attributes:
        calls: The calls so far.
        deadlines: The latest moment of each, in seconds of `time.monotonic`.
        resets: How often the connection was given up.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = list(steps)
        self.calls: list[Any] = []
        self.deadlines: list[float] = []
        self.resets = 0

    def call(self, call: Call, deadline: float) -> Response:
        """The next step, raised where it is a failure on the way."""
        self.calls.append(call)
        self.deadlines.append(deadline)
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, Failed):
            raise UpstreamError(step)
        return step if isinstance(step, Response) else step()

    def reset(self) -> None:
        """Note it."""
        self.resets += 1

    def set_clock(self, response: Response) -> None:
        """Nothing is signed here."""


class RenewableCredentials(CredentialProvider):
    """Credentials that count how often they were to be renewed."""

    def __init__(self) -> None:
        super().__init__(Credentials("AKIA", "secret", None), time.time, never)
        self.renewals = 0

    def renew(self) -> None:
        """Note it."""
        self.renewals += 1


class Waits:
    """The time that passes while something is fetched, and chance; a test may have its own."""

    def now(self) -> float:
        """The time, in seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        time.sleep(seconds)

    def chance(self) -> float:
        """A random number from 0 to 1."""
        return random.random()  # noqa: S311 - no secret


def run(
    fetch: Fetch, make: Callable[[Attempt], Tried | None], sleep: Callable[[float], None]
) -> Outcomes:
    """Run a fetch to its end, and do nothing else meanwhile."""
    tried: Tried | None = None
    while True:
        try:
            step = fetch.send(tried)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        match step:
            case Pause(seconds):
                sleep(seconds)
                tried = None
            case Attempt():
                tried = make(step)


class Scripted:
    """A fetcher, and what it has done.

    Args:
        steps: What each call is answered.
        timeout: How long one attempt may take, in seconds.
        waits: How time passes for its deadlines.
        declared: The sources that are declared.

    Attributes:
        fetcher: The fetcher.
        caller: What it calls with.
        credentials: What it renews.
        now: Its wall-clock time, in seconds since the epoch.
        no_turn: The attempts, by their number, that get no worker before their deadline.
        queueing: How long the others wait for a worker, in seconds.
        cut_short: The attempts, by their number, that a worker makes shorter.
    """

    def __init__(
        self,
        *steps: Step,
        timeout: float = PATIENCE,
        waits: Waits | None = None,
        declared: Set[Source] = frozenset(),
    ) -> None:
        self.caller = ScriptedCaller(steps)
        self.credentials = RenewableCredentials()
        self.now = 1_700_000_000.0
        self.no_turn: set[int] = set()
        self.queueing = 0.0
        self.cut_short: set[int] = set()
        self._attempts = 0
        self._waits = waits or Waits()
        self._lines: list[bytes] = []
        self.fetcher = Fetcher(
            timeout,
            Log("debug", self._write),
            declared.__contains__,
            lambda: self.now,
            self._waits.now,
            self._waits.chance,
        )
        self._worker = AttemptRunner(
            self.caller, self.credentials, timeout, lambda: self.now, self._waits.now
        )

    def fetch(self, job: Job, patience: int = PATIENT_ATTEMPTS) -> Outcomes:
        """Fetch a job, as somebody does who has nothing else to do."""
        return run(self.fetcher.fetch(job, patience), self._try, self._waits.sleep)

    def _try(self, attempt: Attempt) -> Tried | None:
        self._attempts += 1
        if self.queueing:
            self._waits.sleep(self.queueing)
        if self._attempts in self.cut_short:
            attempt = replace(attempt, seconds=attempt.seconds / 4)
        is_late = self._waits.now() >= attempt.deadline
        return None if is_late or self._attempts in self.no_turn else self._worker.run(attempt)

    @property
    def actions(self) -> list[str]:
        """The actions of the calls so far."""
        return [call.action for call in self.caller.calls]

    @property
    def bodies(self) -> list[Any]:
        """Their bodies."""
        return [json.loads(call.body) for call in self.caller.calls]

    @property
    def warnings(self) -> list[Any]:
        """What was logged as worth mending."""
        return self.logged("WARN")

    def logged(self, level: str) -> list[Any]:
        """What was logged at a level."""
        lines = [json.loads(line) for line in self._lines]
        return [line for line in lines if line["level"] == level]

    def _write(self, line: bytes) -> bool:
        self._lines.append(line)
        return True


def error(kind: str, message: str = "", status: int = 400) -> Response:
    """A refusal by the service."""
    return Response(status, (), json.dumps({"__type": kind, "message": message}).encode())

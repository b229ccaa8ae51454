"""A fetcher whose upstream is a script: what each call is answered, in turn."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from extension.aws.client import Client
from extension.aws.credentials import CredentialProvider
from extension.aws.fetcher import Fetcher, Waits
from extension.aws.sigv4 import Credentials
from extension.http.failure import Failed, UpstreamError
from extension.http.messages import Response
from extension.run.log import Log
from extension.sources.calls import Call
from tests.patience import PATIENCE

Step = Response | Failed | Callable[[], Response]


class ScriptedCaller(Client):
    """Answers from a script; its last step is repeated without end.

    Attributes:
        calls: The calls so far.
        deadlines: The latest moment of each, in seconds of `time.monotonic`.
        abandoned: How often the connection was given up.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = list(steps)
        self.calls: list[Call] = []
        self.deadlines: list[float] = []
        self.abandoned = 0

    def call(self, call: Call, deadline: float) -> Response:
        """The next step, raised where it is a failure on the way."""
        self.calls.append(call)
        self.deadlines.append(deadline)
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, Failed):
            raise UpstreamError(step)
        return step if isinstance(step, Response) else step()

    def abandon(self) -> None:
        """Note it."""
        self.abandoned += 1

    def set_clock(self, response: Response) -> None:
        """Nothing is signed here."""


class RenewableCredentials(CredentialProvider):
    """Credentials that count how often they were to be renewed."""

    def __init__(self) -> None:
        super().__init__(Credentials("AKIA", "secret", None), time.time)
        self.renewals = 0

    def renew(self) -> None:
        """Note it."""
        self.renewals += 1


class Scripted:
    """A fetcher, and what it has done.

    Args:
        steps: What each call is answered.
        timeout: How long one attempt may take, in seconds.
        waits: How time passes for its deadlines.

    Attributes:
        fetcher: The fetcher.
        caller: What it calls with.
        credentials: What it renews.
        counts: What it has counted.
        now: Its wall-clock time, in seconds since the epoch.
    """

    def __init__(self, *steps: Step, timeout: float = PATIENCE, waits: Waits | None = None) -> None:
        self.caller = ScriptedCaller(steps)
        self.credentials = RenewableCredentials()
        self.counts: list[str] = []
        self.now = 1_700_000_000.0
        self._lines: list[bytes] = []
        log = Log("debug", self._write)
        self.fetcher = Fetcher(
            self.caller, self.credentials, timeout, log, self.counts.append, lambda: self.now, waits
        )

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
        lines = [json.loads(line) for line in self._lines]
        return [line for line in lines if line["level"] == "WARN"]

    def _write(self, line: bytes) -> bool:
        self._lines.append(line)
        return True


def error(kind: str, message: str = "", status: int = 400) -> Response:
    """A refusal by the service."""
    return Response(status, (), json.dumps({"__type": kind, "message": message}).encode())

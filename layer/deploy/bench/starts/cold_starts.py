"""Cold starts: each is forced by a change of configuration, waited for, and measured."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ...functions.store import Functions
from ...output.failure import Failure
from ..interruption import Interruption
from ..retry import retry
from ..target.arm import Arm
from . import start
from .invocation import Invocation, Invoker
from .log_tail import SUCCESS
from .start import Start

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

ATTEMPTS = 3
"""So often a start is tried where it turns out to be warm, or Lambda's log does not tell."""

_RETRY_SECONDS = 60.0
_SNAPSHOT_POLL = {"Delay": 2, "MaxAttempts": 450}  # seconds, and how often


@dataclass
class Tally:
    """What happened besides.

    Attributes:
        billed: What is billed for all invocations, in milliseconds.
        invocations: How many there were.
        warm: How many of them were warm, or told nothing.
        errors: How many cold starts were followed by an error of the handler.
    """

    billed: float = 0.0
    invocations: int = 0
    warm: int = 0
    errors: int = 0


@dataclass
class ColdStarts:
    """Makes functions start, and measures that.

    Attributes:
        client: Lambda's.
        functions: Those of the account.
        invoker: Calls them.
        interruption: The signals that may end it.
        shared: Whether the arms are one function, so that more than the mark is different.
        snap_start: Whether each start is one from a snapshot, which takes a version.
        stop_at_errors: Whether an error of the handler ends it all.
        log_group: Where a function's own log is, for an operator who has to look at it.
        sleep: Waits for so many seconds.
        tally: What happened besides.
    """

    client: "LambdaClient"
    functions: Functions
    invoker: Invoker
    interruption: Interruption
    shared: bool
    snap_start: bool
    stop_at_errors: bool
    log_group: str
    sleep: Callable[[float], None] = time.sleep
    tally: Tally = field(default_factory=Tally)
    _seen: dict[str, str] = field(default_factory=dict)

    def measure(self, arm: Arm, mark: str) -> Start:
        """Start it once, cold.

        Args:
            arm: What to start.
            mark: What tells this start from all others.

        Raises:
            Failure: It can't start, fails, or does not start cold.
        """
        for attempt in range(ATTEMPTS):
            self._force(arm, f"{mark}.{attempt}")
            invocation = self._call(arm)
            self._count(invocation)
            self._check(arm, invocation)
            if measured := start.of(invocation.tail):
                return measured
            self.tally.warm += 1
        raise Failure(
            f"{arm.label} it did not start cold in {ATTEMPTS} attempts, or its log does not say so",
            "is somebody else calling it? Its log's last 4 KB must contain Lambda's REPORT line",
        )

    def _force(self, arm: Arm, mark: str) -> None:
        """Change a variable, after which no environment that has started is used any more."""
        name = arm.configuration.name
        present = self.functions.get(name)
        if present.revision != self._seen.get(name, arm.configuration.revision) and self.shared:
            raise Failure(
                "somebody else changed it meanwhile", "run this again when nobody is deploying"
            )
        changed = replace(arm.configuration, variables=arm.marked(mark), revision=present.revision)
        with self.interruption.deferred():
            self.functions.begin(changed)
        self._seen[name] = self.functions.get(name).revision

    def _call(self, arm: Arm) -> Invocation:
        name = arm.configuration.name
        if not self.snap_start:
            return self.invoker.invoke(name)
        with self.interruption.deferred():  # a version goes with its function where this ends here
            version = self.client.publish_version(FunctionName=name)["Version"]
        waiter: Any = self.client.get_waiter("function_active_v2")
        waiter.wait(FunctionName=name, Qualifier=version, WaiterConfig=_SNAPSHOT_POLL)
        invocation = self.invoker.invoke(name, version)
        delete = self.client.delete_function  # its snapshot is billed for as long as it is there
        retry(lambda: delete(FunctionName=name, Qualifier=version), self.sleep, _RETRY_SECONDS)
        return invocation

    def _count(self, invocation: Invocation) -> None:
        self.tally.invocations += 1
        if invocation.tail.report:
            self.tally.billed += invocation.tail.report.billed

    def _check(self, arm: Arm, invocation: Invocation) -> None:
        """Make sure that it is a start whose figures mean something.

        Raises:
            Failure: It failed before its handler ran, or in it.
        """
        for init in invocation.tail.inits:
            if init.status not in (SUCCESS, ""):
                what = " ".join(filter(None, (init.status, init.error_type)))
                raise Failure(
                    f"{arm.label} it does not start: {what} after {init.duration:.0f} ms of its "
                    f"{init.phase} phase",
                    f"see its log ({self.log_group}) and `warmkey doctor`",
                )
        if not invocation.error:
            return
        if self.stop_at_errors:
            raise Failure(
                f"{arm.label} it fails: {invocation.error}",
                f"its log ({self.log_group}) says why; pass it an event that it accepts "
                "(--payload), or measure anyway (--invoke-errors count)",
            )
        self.tally.errors += 1

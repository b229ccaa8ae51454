"""What every way of running a function here has in common."""

import json
import os
import re
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from tests.canary.process import witness
from tests.canary.watch import WATCH
from tests.patience import PATIENCE
from tests.rapid import processes
from tests.rapid.log import Log
from tests.rapid.runtime import function_environment

_PACE_SECONDS = 0.005


class FunctionError(Exception):
    """The function's sandbox did not do what it was asked; the message holds its log."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """The answer to one invoke.

    Attributes:
        status: 200, also for a handler that raised; 502 when the sandbox or its init broke.
        payload: What came back, decoded; text where it is not JSON.
    """

    status: int
    payload: Any

    @classmethod
    def of(cls, status: int, body: bytes) -> Self:
        """Decode an answer's body."""
        text = body.decode("utf-8", "backslashreplace")
        try:
            return cls(status, json.loads(text))
        except ValueError:
            return cls(status, text)


class Sandbox(ABC):
    """One function with one execution environment, for the time of a `with` block.

    Args:
        package: The function's package, seen as `/var/task`.
        layer: A layer's tree, seen as `/opt`; None for none.
        handler: The handler, as `module.function`.
        environment: The function's own variables, over those that Lambda sets.
        bootstrap: The command that is the runtime; None for the managed Python runtime's.
        name: The function's name.
    """

    real_core: ClassVar[bool]
    """Whether AWS's own Rapid core runs the function, or a fake that stands in for it."""

    _log: Log
    _stack: ExitStack

    def __init__(
        self,
        *,
        package: Path,
        layer: Path | None = None,
        handler: str = "app.handler",
        environment: Mapping[str, str] | None = None,
        bootstrap: Sequence[str] | None = None,
        name: str = "function",
    ) -> None:
        self._package = package.resolve()
        self._layer = layer.resolve() if layer else None
        self._handler = handler
        self._bootstrap = bootstrap
        self._environment = {**function_environment(name), **(environment or {})}
        self._name = name

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self.processes():
            if processes.is_extension(pid):  # the function itself may hold secrets
                witness(pid)
        self._stack.close()
        WATCH.look()

    @abstractmethod
    def _start(self, stack: ExitStack) -> None:
        """Start what must run before the first invoke; what ends it goes onto the stack."""

    @property
    @abstractmethod
    def runtime_api(self) -> str:
        """Where the Runtime and the Extensions API are served: `host:port`."""

    @abstractmethod
    def invoke(self, event: object = None, timeout: float = PATIENCE) -> Invocation:
        """Invoke the function and wait for its answer; one at a time.

        Args:
            event: Anything that JSON can say.
            timeout: The longest wait, in seconds.

        Raises:
            FunctionError: No answer came.
        """

    @abstractmethod
    def request_shutdown(self) -> None:
        """Ask for the environment's end and do not wait: extensions get SHUTDOWN."""

    @abstractmethod
    def shutdown(self) -> None:
        """End the environment in good order: extensions get SHUTDOWN and 2 seconds to act on it.

        Raises:
            FunctionError: It did not end.
        """

    @abstractmethod
    def processes(self) -> list[int]:
        """The pids of extensions, runtime and all beneath them, as this machine counts them."""

    @abstractmethod
    def init_reports(self) -> list[float]:
        """How long each init so far took, in milliseconds."""

    @property
    def log(self) -> str:
        """What core, extensions and runtime have printed so far."""
        return self._log.text

    def wait_for_log(self, pattern: str, timeout: float = PATIENCE) -> re.Match[str]:
        """Wait until the log matches a regular expression, `timeout` seconds at most.

        Raises:
            TimeoutError: It did not; the message holds the log.
        """
        return self._log.wait_for(pattern, timeout)

    def freeze(self) -> None:
        """Stop extensions and runtime where they are, as Lambda does between invokes.

        Raises:
            FunctionError: Some of them go on.
        """
        deadline = time.monotonic() + PATIENCE
        while running := [pid for pid in self.processes() if not processes.stopped(pid)]:
            if time.monotonic() > deadline:
                raise FunctionError(f"processes {running} do not stop\n{self.log}")
            for pid in running:
                with suppress(ProcessLookupError):  # it has ended meanwhile
                    os.kill(pid, signal.SIGSTOP)
            time.sleep(_PACE_SECONDS)

    def thaw(self) -> None:
        """Let extensions and runtime go on after `freeze`."""
        for pid in self.processes():
            os.kill(pid, signal.SIGCONT)

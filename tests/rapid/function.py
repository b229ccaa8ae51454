"""A Lambda function on this machine: AWS's own Rapid core in namespaces of its own.

    with Function(package=Path("handler"), layer=stage(directory)) as function:
        print(function.invoke({"amount": 1999}).payload)

The core starts at once; extensions and runtime start with the first invoke, as in a cold start
on Lambda, and the host's `/opt` and `/var` are left alone (see `root.py`).
"""

import http.client
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.rapid import namespaces, processes
from tests.rapid.fetch import CORE
from tests.rapid.log import Log
from tests.rapid.ports import ReservedPort
from tests.rapid.root import Root
from tests.rapid.runtime import function_environment, python_bootstrap

_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
_PACE_SECONDS = 0.005
_KEEP = (Path(sys.base_prefix), Path(sys.prefix), CORE.parents[2])


class FunctionError(Exception):
    """The core did not do what it was asked; the message holds its log."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """The answer to one invoke.

    Attributes:
        status: 200, also for a handler that raised; 502 when the sandbox broke.
        payload: What the handler returned, decoded; text where it is not JSON.
    """

    status: int
    payload: Any


class Function:
    """One function with one execution environment, for the time of a `with` block.

    Args:
        package: The function's package, seen as `/var/task`.
        layer: A layer's tree, seen as `/opt`; None for none.
        handler: The handler, as `module.function`.
        environment: The function's own variables, over those that Lambda sets.
        bootstrap: The command that is the runtime; the interpreter of the tests with
            `awslambdaric` when None.
        name: The function's name.

    Raises:
        NamespacesRefused: On entering, when this machine lets nobody have namespaces.
        FunctionError: On entering, when the core is missing or does not start.
    """

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
        self._package = package
        self._layer = layer
        self._bootstrap = list(bootstrap or python_bootstrap(handler))
        self._environment = {**function_environment(name), **(environment or {})}
        self._invoking = threading.Lock()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            place = stack.enter_context(tempfile.TemporaryDirectory(prefix="warmkey-root-"))
            self._front = stack.enter_context(ReservedPort())
            self._runtime_api = stack.enter_context(ReservedPort())
            self._process = self._start(Path(place))
            stack.callback(self._kill)
            self._wait_until_open()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def log(self) -> str:
        """What core, extensions and runtime have printed so far."""
        return self._log.text

    @property
    def runtime_api(self) -> str:
        """Where the core serves the Runtime and the Extensions API: `host:port`."""
        return self._runtime_api.address

    def invoke(self, event: object = None, timeout: float = 30) -> Invocation:
        """Invoke the function and wait for its answer; one at a time, as the core can do no more.

        Args:
            event: Anything that JSON can say.
            timeout: The longest wait, in seconds.

        Raises:
            FunctionError: No answer came.
        """
        body = json.dumps({} if event is None else event)
        with self._invoking:
            line = http.client.HTTPConnection("127.0.0.1", self._front.number, timeout=timeout)
            try:
                line.request("POST", "/2015-03-31/functions/function/invocations", body)
                answer = line.getresponse()
                return Invocation(answer.status, _decoded(answer.read()))
            except (OSError, http.client.HTTPException) as error:
                raise FunctionError(f"no answer to the invoke: {error!r}\n{self.log}") from error
            finally:
                line.close()

    def wait_for_log(self, pattern: str, timeout: float = 10) -> re.Match[str]:
        """Wait until the log matches a regular expression, `timeout` seconds at most.

        Raises:
            TimeoutError: It did not; the message holds the log.
        """
        return self._log.wait_for(pattern, timeout)

    def init_reports(self) -> list[float]:
        """How long each init so far took, in milliseconds, as the core's INIT REPORT has it."""
        return [float(ms) for ms in re.findall(r"INIT REPORT\(durationMs: ([\d.]+)", self.log)]

    def processes(self) -> list[int]:
        """The extensions' and the runtime's processes and all beneath them, by host pid."""
        return [
            pid
            for core in processes.children(self._process.pid)
            for pid in processes.descendants(core)
        ]

    def freeze(self) -> None:
        """Stop extensions and runtime where they are, as Lambda does between invokes."""
        for pid in self.processes():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let extensions and runtime go on after `freeze`."""
        for pid in self.processes():
            os.kill(pid, signal.SIGCONT)

    def shutdown(self) -> None:
        """End the environment in good order: extensions get SHUTDOWN and 2 seconds to act on it.

        Raises:
            FunctionError: The core did not end.
        """
        for core in processes.children(self._process.pid):
            os.kill(core, signal.SIGTERM)
        if not self._log.wait_for_end(_STOP_SECONDS):
            raise FunctionError(f"no end {_STOP_SECONDS} s after SIGTERM\n{self.log}")
        self._process.wait(_STOP_SECONDS)

    def _start(self, place: Path) -> subprocess.Popen[bytes]:
        if not CORE.is_file():
            raise FunctionError(
                f"there is no {CORE}: run `make test` or `make run`, or fetch it "
                f"with `python -m tests.rapid.fetch {CORE.parent}`"
            )
        script = self._script(place)
        process = subprocess.Popen(  # noqa: S603
            [*namespaces.isolation(), "sh", "-ec", script],
            env=namespaces.ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C ends the test, and the test ends the function
        )
        assert process.stdout
        self._log = Log(process.stdout)
        return process

    def _script(self, place: Path) -> str:
        root = Root(place, self._package.resolve(), self._layer and self._layer.resolve(), _KEEP)
        variables = [f"{name}={value}" for name, value in self._environment.items()]
        core = [
            *("chroot", str(place), "env", "-i", "-C", "/var/task", *variables, str(CORE)),
            *("--runtime-interface-emulator-address", self._front.address),
            *("--runtime-api-address", self._runtime_api.address),
            *self._bootstrap,
        ]
        return "\n".join([*map(shlex.join, root.commands()), "exec " + shlex.join(core)])

    def _wait_until_open(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        for port in (self._front, self._runtime_api):
            while not _listens(port):
                if self._log.wait_for_end(_PACE_SECONDS) or time.monotonic() > deadline:
                    raise FunctionError(f"the core does not listen on {port.address}\n{self.log}")

    def _kill(self) -> None:
        self._process.kill()  # and with it, by --kill-child, everything in its namespace
        self._process.wait(_STOP_SECONDS)
        if not self._log.wait_for_end(_STOP_SECONDS):
            raise FunctionError(f"something of the function outlived it\n{self.log}")


def _listens(port: ReservedPort) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port.number)) == 0


def _decoded(body: bytes) -> Any:
    text = body.decode("utf-8", "backslashreplace")
    try:
        return json.loads(text)
    except ValueError:
        return text

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
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from pathlib import Path
from typing import ClassVar

from tests.patience import PATIENCE
from tests.rapid import namespaces, processes
from tests.rapid.fetch import CORE
from tests.rapid.log import Log
from tests.rapid.ports import ReservedPort
from tests.rapid.root import Root
from tests.rapid.runtime import python_bootstrap
from tests.rapid.sandbox import FunctionError, Invocation, Sandbox

__all__ = ["Function", "FunctionError", "Invocation"]

_PACE_SECONDS = 0.005
_NONE_IDLE = {"errorType": "Runtime.Unavailable"}
_KEEP = (
    Path(sys.base_prefix),
    Path(sys.prefix),
    CORE.parents[2],
    Path(tempfile.gettempdir()),
)


class Function(Sandbox):
    """A function on the real Rapid core; see `Sandbox` for the arguments.

    It ends at the latest with the thread that entered it.

    Raises:
        NamespacesRefused: On entering, when this machine grants no namespaces.
        FunctionError: On entering, when the core is missing or does not start.
    """

    real_core = True
    _core_options: ClassVar[Sequence[str]] = ()
    _invoking: AbstractContextManager[object]

    @property
    def runtime_api(self) -> str:
        """Where the core serves the Runtime and the Extensions API: `host:port`."""
        return self._api.address

    def invoke(self, event: object = None, timeout: float = PATIENCE) -> Invocation:
        """Invoke the function; invokes wait for each other, as two at once crash the core.

        As Managed Instances (with `AWS_LAMBDA_MAX_CONCURRENCY`) it takes so many side by side, and
        refuses the others: those are made again, as Lambda itself would.
        """
        deadline = time.monotonic() + timeout
        while (answer := self._invoke(event, timeout)).payload == _NONE_IDLE:
            if time.monotonic() > deadline:
                raise FunctionError(f"no runtime was idle for {timeout} s\n{self.log}")
            time.sleep(_PACE_SECONDS)
        return answer

    def init_reports(self) -> list[float]:
        """How long each init so far took, in milliseconds, as the core's INIT REPORT has it."""
        return [float(ms) for ms in re.findall(r"INIT REPORT\(durationMs: ([\d.]+)", self.log)]

    def processes(self) -> list[int]:
        """The pids of extensions, runtime and all beneath them, as this machine counts them."""
        return [pid for core in self._core() for pid in processes.descendants(core)]

    def request_shutdown(self) -> None:
        """Ask the core to end and do not wait: extensions get SHUTDOWN."""
        for core in self._core():
            os.kill(core, signal.SIGTERM)

    def shutdown(self) -> None:
        """End the environment in good order: extensions get SHUTDOWN and 2 seconds to act on it."""
        self.request_shutdown()
        if not self._log.wait_for_end(PATIENCE):
            raise FunctionError(f"no end {PATIENCE} s after SIGTERM\n{self.log}")
        self._process.wait(PATIENCE)

    def _invoke(self, event: object, timeout: float) -> Invocation:
        body = json.dumps({} if event is None else event)
        with self._invoking:
            line = http.client.HTTPConnection("127.0.0.1", self._front.number, timeout=timeout)
            try:
                line.request("POST", "/2015-03-31/functions/function/invocations", body)
                answer = line.getresponse()
                return Invocation.of(answer.status, answer.read())
            except (OSError, http.client.HTTPException) as error:
                raise FunctionError(f"no answer to the invoke: {error!r}\n{self.log}") from error
            finally:
                line.close()

    def _start(self, stack: ExitStack) -> None:
        if not CORE.is_file():
            raise FunctionError(
                f"there is no {CORE}: `make test` and `make run` fetch it, "
                f"or `python -m tests.rapid.fetch {CORE.parent}`"
            )
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warmkey-root-")))
        (place / "root").mkdir()
        managed = "AWS_LAMBDA_MAX_CONCURRENCY" in self._environment
        self._invoking = nullcontext() if managed else threading.Lock()
        self._front = stack.enter_context(ReservedPort())
        self._api = stack.enter_context(ReservedPort())
        script = place / "start.sh"  # a file, as everyone may read what stands in a command line
        script.write_text(self._script(place.resolve() / "root"), encoding="utf-8")
        self._process = subprocess.Popen(  # noqa: S603
            [*namespaces.isolation(), "sh", "-e", str(script)],
            env=namespaces.ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C ends the test, and the test ends the function
        )
        assert self._process.stdout
        self._log = Log(self._process.stdout)
        stack.callback(self._kill)
        self._wait_until_open()

    def _script(self, place: Path) -> str:
        root = Root(place, self._package, self._layer, _KEEP)
        variables = [f"{name}={value}" for name, value in self._environment.items()]
        core = [
            *("chroot", str(place), "env", "-i", "-C", "/var/task", *variables, str(CORE)),
            *("--runtime-interface-emulator-address", self._front.address),
            *("--runtime-api-address", self._api.address),
            *self._core_options,
            *(self._bootstrap or python_bootstrap(self._handler)),
        ]
        return "\n".join([*map(shlex.join, root.commands()), "exec " + shlex.join(core)])

    def _wait_until_open(self) -> None:
        deadline = time.monotonic() + PATIENCE
        for port in (self._front, self._api):
            while not _listens(port):
                if self._log.wait_for_end(_PACE_SECONDS) or time.monotonic() > deadline:
                    raise FunctionError(f"the core does not listen on {port.address}\n{self.log}")

    def _core(self) -> list[int]:
        """The core's pid, while it runs: `unshare` is its parent."""
        return processes.children(self._process.pid) if self._process.poll() is None else []

    def _kill(self) -> None:
        # The core is the first process of its namespace: everything else there ends with it, and
        # `unshare` hears of it when all is gone. Killed itself, it would take the core along too.
        core = self._core()
        for pid in core:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not core:
            self._process.kill()
        self._process.wait(PATIENCE)
        if not self._log.wait_for_end(PATIENCE):
            raise FunctionError(f"something of the function outlived it\n{self.log}")


def _listens(port: ReservedPort) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port.number)) == 0

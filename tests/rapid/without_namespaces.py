"""The same function where namespaces are refused: a fake Lambda plays the Rapid core.

Extensions and `awslambdaric` are real processes that start in Lambda's order, but they share the
machine's file system: instead of `/opt` and `/var/task` they get the directories where layer and
package lie.
"""

import threading
import time
from contextlib import ExitStack
from pathlib import Path

from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.patience import PATIENCE
from tests.rapid import namespaces
from tests.rapid.function import Function
from tests.rapid.process_group import ProcessGroup
from tests.rapid.runtime import python_bootstrap
from tests.rapid.sandbox import FunctionError, Invocation, Sandbox

_INIT_SECONDS = 10.0  # Lambda's own limit
_SHUTDOWN_SECONDS = 2.0  # Lambda's own limit
_GREETING = "(fake Lambda) not AWS's Rapid core: this machine refuses namespaces"


def available_sandbox() -> type[Sandbox]:
    """The best that this machine grants: the real core, else the fake one."""
    return Function if namespaces.available() else FunctionWithoutNamespaces


class FunctionWithoutNamespaces(Sandbox):
    """A function on a fake Lambda; see `Sandbox` for the arguments."""

    real_core = False

    @property
    def runtime_api(self) -> str:
        """Where the fake serves the Runtime and the Extensions API: `host:port`."""
        return self._api.address

    def invoke(self, event: object = None, timeout: float = PATIENCE) -> Invocation:
        """Invoke the function; the first time, extensions start and then the runtime."""
        with self._invoking:
            if self._began is None:
                self._init()
            try:
                return self._api.invoke(event, timeout)
            except (TimeoutError, ConnectionAbortedError) as error:
                raise FunctionError(f"{error}\n{self.log}") from error

    def init_reports(self) -> list[float]:
        """From the extensions' start until all had asked for an event, in milliseconds."""
        extensions, runtime = (
            self._api.seen(call) for call in (Call.EVENT_NEXT, Call.INVOCATION_NEXT)
        )
        asked = [*extensions[: len(self._extensions)], *runtime[:1]]
        if self._began is None or len(asked) <= len(self._extensions):
            return []
        return [1000 * (max(seen.at for seen in asked) - self._began)]

    def processes(self) -> list[int]:
        """The pids of extensions, runtime and all beneath them."""
        return self._group.pids()

    def request_shutdown(self) -> None:
        """Kill the runtime and give SHUTDOWN to the extensions, as Lambda does."""
        self._group.dismiss()
        self._group.kill(first=len(self._extensions))
        self._api.shutdown("SandboxTerminated")

    def shutdown(self) -> None:
        """End the environment in good order: extensions get SHUTDOWN and 2 seconds to act on it."""
        self.request_shutdown()
        self._group.wait(_SHUTDOWN_SECONDS)
        self._group.close()

    def _start(self, stack: ExitStack) -> None:
        here = self._layer / "extensions" if self._layer else None
        self._extensions = sorted(here.iterdir()) if here and here.is_dir() else []
        self._invoking = threading.Lock()
        self._began: float | None = None
        names = [path.name for path in self._extensions]
        self._api = stack.enter_context(FakeRuntimeApi(extensions=names, function=self._name))
        self._group = ProcessGroup(self._package, _GREETING, self._api.fail)
        self._log = self._group.log
        stack.callback(self._group.close)

    def _init(self) -> None:
        environment = {"AWS_LAMBDA_RUNTIME_API": self._api.address, **self._environment}
        config = self._package / "warmkey.json"
        if config.is_file():  # where `/var/task/warmkey.json` would be
            environment.setdefault("WARMKEY_CONFIG", str(config))
        self._began = time.monotonic()
        for extension in self._extensions:
            self._group.start([str(extension)], environment)
        if self._api.wait_until_registered(_INIT_SECONDS):
            self._group.start(self._runtime(), environment)

    def _runtime(self) -> list[str]:
        if self._bootstrap:
            return list(self._bootstrap)
        layer = self._layer or Path("/nonexistent")
        return python_bootstrap(self._handler, str(self._package), str(layer))

"""The thin client for Node.js, in a process of its own that makes the calls a test asks for.

with NodeClient(endpoint.environ) as client:
    client.get("KEY")
    client.at_once(("get", "KEY"), ("getBytes", "KEY"))
"""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self

import pytest

from tests.integration.clients.thin_client import ReadFailed
from tests.patience import PATIENCE

PACKAGE = Path(__file__).parents[3] / "layer/nodejs/node_modules/warmkey"
_DRIVER = Path(__file__).with_suffix(".mjs")


class NodeClient:
    """A client with an environment and a clock of its own, until the `with` block ends.

    Args:
        environ: The environment of its process.
        timeout: Seconds that one read may take.

    Attributes:
        now: Wall-clock time for its next calls, in seconds.
    """

    def __init__(self, environ: Mapping[str, str], timeout: float = PATIENCE) -> None:
        self.now = 1_000_000.0
        self._environ = dict(environ)
        self._timeout = timeout

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [node(), str(_DRIVER), str(1000 * self._timeout)],
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._watched(), self._process as process:
            if kind is not None:
                process.kill()
        assert kind is not None or process.returncode == 0, "it did not end by itself"

    def get(self, alias: str) -> Any:
        """What `get` resolves to.

        Raises:
            ReadFailed: It is rejected.
        """
        return self.call("get", alias)

    def get_json(self, alias: str) -> Any:
        """What `getJson` resolves to."""
        return self.call("getJson", alias)

    def get_bytes(self, alias: str) -> Any:
        """What `getBytes` resolves to."""
        return self.call("getBytes", alias)

    def get_all(self) -> Any:
        """What `getAll` resolves to."""
        return self.call("getAll")

    def refresh(self, alias: str) -> Any:
        """What `read` from AWS resolves to."""
        return self.call("refresh", alias)

    def set_token(self, token: str) -> None:
        """Set the session token of its environment."""
        self.call("setToken", token)

    def inspect(self) -> str:
        """What `util.inspect` shows of it, hidden properties too."""
        return str(self.call("inspect"))

    def call(self, *call: str) -> Any:
        """What a method resolves to; bytes as bytes.

        Args:
            call: Its name and its arguments; also `refresh`, which is `read` from AWS, `inspect`,
                which shows the client itself, `freeze`, which moves its clock on by some seconds,
                `deface`, which overwrites the bytes that it got, `setToken`, which sets the session
                token of its environment, and `refreshAndMark`, which reads `MARK` after a refresh.

        Raises:
            ReadFailed: It is rejected.
        """
        [outcome] = self.at_once(call)
        if isinstance(outcome, ReadFailed):
            raise outcome
        return outcome

    def at_once(self, *calls: tuple[str, ...]) -> list[Any]:
        """The outcomes of calls that are made together, in the order of the calls."""
        request = {"now": 1000 * self.now, "calls": calls}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        with self._watched():
            return [_outcome(each) for each in json.loads(self._process.stdout.readline())]

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Kill the process if what is waited for takes too long."""
        watch = Timer(PATIENCE, self._process.kill)
        watch.start()
        try:
            yield
        finally:
            watch.cancel()


def node() -> str:
    """Node's path; without one the test is skipped."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("there is no Node.js (`node`): `make tools` installs it")
    return found


def _outcome(told: dict[str, Any]) -> Any:
    if "error" in told:
        return ReadFailed(told["error"], told["message"], told.get("status"), told["shown"])
    return base64.b64decode(told["bytes"]) if "bytes" in told else told["value"]

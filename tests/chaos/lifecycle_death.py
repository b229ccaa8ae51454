"""The extension is killed while the function runs: what its clients say."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.chaos.case import Case
from tests.chaos.lifecycle_world import KeyWorld
from tests.chaos.world import VALUE

# Each says what it reads, or why it can't, whenever it is asked.
_PYTHON = """
import sys, warmkey
for line in sys.stdin:
    try:
        print(warmkey.get(line.strip()), flush=True)
    except warmkey.WarmkeyError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
"""
_NODE = """
const warmkey = require("warmkey");
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) =>
  warmkey.get(line.trim()).then(console.log, (error) => console.log(`${error}`)),
);
"""
_CLEAR = ("EndpointUnavailable", "127.0.0.1:", "extension", "its log", "WARMKEY_PORT")


class _Client:
    """A thin client in a process of its own."""

    def __init__(self, command: list[str], variables: dict[str, str], here: KeyWorld) -> None:
        port = {"WARMKEY_PORT": str(here.daemon.port), "AWS_SESSION_TOKEN": here.daemon.token}
        self._process = subprocess.Popen(  # noqa: S603
            command, env={**variables, **port}, stdin=-1, stdout=-1, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def ask(self, alias: str) -> None:
        """Have it read a secret."""
        assert self._process.stdin
        self._process.stdin.write(f"{alias}\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        """What it says: the value, or its error."""
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")

    def read(self, alias: str) -> str:
        """Have it read a secret, and return what it says."""
        self.ask(alias)
        return self.answer()


def _python(layer: Path, here: KeyWorld) -> _Client:
    return _Client([sys.executable, "-c", _PYTHON], {"PYTHONPATH": str(layer / "python")}, here)


def _node(layer: Path, here: KeyWorld) -> _Client | None:
    node = shutil.which("node")
    modules = {"NODE_PATH": str(layer / "nodejs/node_modules")}
    return _Client([node, "-e", _NODE], modules, here) if node else None


def _between_reads(make: Callable[[Path, KeyWorld], _Client | None]) -> Callable[[Path], str]:
    def attempt(layer: Path) -> str:
        with KeyWorld() as here:
            here.start(layer, {"OTHER": "warmkey:/key"}).ready()
            client = make(layer, here)
            if client is None:
                return "not tried: there is no node here"
            with client:
                assert client.read("KEY") == VALUE
                here.daemon.process.kill()
                here.leaves(-signal.SIGKILL)
                assert client.read("KEY") == VALUE  # which the client holds
                return f"what it holds; else {_clear(client.read('OTHER'))}"

    return attempt


def _during_a_read(make: Callable[[Path, KeyWorld], _Client | None]) -> Callable[[Path], str]:
    def attempt(layer: Path) -> str:
        with KeyWorld() as here:
            here.start(layer, {"WARMKEY_TTL": "0"}).ready().held()
            client = make(layer, here)
            if client is None:
                return "not tried: there is no node here"
            with client:
                client.ask("KEY")
                here.aws.wait_for_calls(2)
                here.daemon.process.kill()
                here.leaves(-signal.SIGKILL)
                return _clear(client.answer())

    return attempt


def _clear(said: str) -> str:
    """The first sentence, the same for every port; the next says what to look at."""
    assert all(part in said for part in _CLEAR), said
    first, _, _ = said.partition(". Is its layer attached")
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", first)


CASES = [
    Case("killed between reads: the Python client", _between_reads(_python)),
    Case("killed between reads: the Node.js client", _between_reads(_node)),
    Case("killed during a read: the Python client", _during_a_read(_python)),
    Case("killed during a read: the Node.js client", _during_a_read(_node)),
]

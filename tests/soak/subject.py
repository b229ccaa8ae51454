"""A daemon that is read from by many, with an AWS of its own whose secrets are rotated."""

import random
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

from tests.bench.usage import Usage, usage
from tests.bench.wrk import PACED, Load, Reading, read
from tests.fakes.aws import FakeAws
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon

SECRETS = 100
CONNECTIONS = 16
_LENGTHS = (16, 24, 32, 40, 64, 88, 108, 200, 480, 4096)
"""Characters of every ten secrets: keys, passwords, a connection string, and what is largest."""
_PACE = 0.01  # seconds between two looks at what the daemon holds
_ALIKE = 3  # looks in a row that show the same descriptors: the last connections are closed


class Window(NamedTuple):
    """What a while of reads came to.

    Attributes:
        reading: How the reads were answered.
        usage: What the daemon held after it.
        refreshes: How many values it had fetched again since its start.
    """

    reading: Reading
    usage: Usage
    refreshes: int


class Subject:
    """The built daemon, for the time of a `with` block.

    Args:
        layer: The layer's tree.
        variables: More variables of the daemon.

    Attributes:
        aws: Where its secrets are.
        daemon: The daemon.
    """

    def __init__(self, layer: Path, **variables: str) -> None:
        self._layer = layer
        self._variables = variables
        self._random = random.Random(8)  # noqa: S311 - to be the same in each run
        self._values: dict[str, str] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.aws = stack.enter_context(FakeAws())
            self.rotate()
            declared = {name: f"warmkey:/{name}" for name in self._values}
            api = stack.enter_context(FakeRuntimeApi())
            environment = {**self.aws.environment(), **declared, **self._variables}
            self.daemon = stack.enter_context(Daemon(self._layer, api, environment))
            self.daemon.wait_until_ready()
            self._prefetched = self._fetched()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def rotate(self) -> None:
        """Give every secret a new value, as long as its old one."""
        for number in range(SECRETS):
            name, length = f"S{number}", _LENGTHS[number % len(_LENGTHS)]
            self._values[name] = self._random.randbytes(length // 2).hex()
            self.aws.parameters.put(f"/{name}", self._values[name])

    def window(self, seconds: int) -> Window:
        """Read all secrets in turn, over kept-alive connections that rest between two reads.

        Args:
            seconds: For how long.

        Raises:
            LoadFailed: A read was not answered with a value.
        """
        self.daemon.get("/v1/secrets").raise_for_status()  # what expired meanwhile is fetched
        url = f"http://{LOOPBACK}:{self.daemon.port}"
        load = Load(CONNECTIONS, seconds, script=PACED, arguments=(str(SECRETS),))
        reading = read(url, self.daemon.token, load)
        return Window(reading, self._settled(), self._fetched() - self._prefetched)

    def is_right(self) -> bool:
        """Whether each secret is read as it is by now, once it is asked for anew."""
        return all(
            self.daemon.get(f"/v1/secrets/{name}?refresh=true").text == value
            for name, value in self._values.items()
        )

    def _settled(self) -> Usage:
        """What the daemon holds once it has noticed that wrk's connections are gone."""
        look, alike = self._look(), 1
        while alike < _ALIKE:
            later = self._look()
            alike = alike + 1 if later.descriptors == look.descriptors else 1
            look = later
        return look

    def _look(self) -> Usage:
        threading.Event().wait(_PACE)
        self.daemon.get("/ping").raise_for_status()
        return usage(self.daemon.process.pid)

    def _fetched(self) -> int:
        """How many calls to AWS have brought something."""
        counters = self.daemon.status()["counters"]
        return int(counters["upstreamCalls"] - counters["upstreamErrors"])

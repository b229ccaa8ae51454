"""A daemon that serves secrets, and an honest reader beside those who misbehave."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from tests.chaos.world import VALUE, World
from tests.fakes.aws import FakeAws
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient
from tests.patience import PATIENCE, PATIENT

LARGE = f"{VALUE} " + "x" * 65_000
"""A secret about as large as there are: Secrets Manager takes 64 KB."""
KEY = "/v1/secrets/KEY"
_ALIASES = {"KEY": "/key", "db/key": "/key", "LARGE": "secretsmanager:large"}
_DESCRIPTORS_IN_LAMBDA = 1024
_UNDISTURBED = 50  # reads
_PAUSE = 0.001  # seconds from one read to the next
_TIMES_SLOWER = 20  # than the slowest answer of the undisturbed run
_ALWAYS_ALLOWED = 3.0  # seconds: a busy machine takes as long for no reason of the endpoint's


@contextmanager
def world(
    layer: Path,
    *,
    descriptors: int = _DESCRIPTORS_IN_LAMBDA,
    aliases: int = 0,
) -> Iterator[tuple[FakeAws, Daemon]]:
    """A daemon that serves a secret under two aliases and a large one, and the AWS behind it.

    Its calls upstream may be held for a minute.

    Args:
        layer: The layer's tree.
        descriptors: How many the daemon may have.
        aliases: How many more the secret has.

    Raises:
        AssertionError: The daemon has written anything but harmless log lines, or a secret.
    """
    with TemporaryDirectory() as folder, World() as here:
        here.aws.parameters.put("/key", VALUE)
        here.aws.secrets.put("large", LARGE)
        config = Path(folder, "warmkey.json")
        more = {f"KEY{number}": "/key" for number in range(aliases)}
        config.write_text(json.dumps({"secrets": {**_ALIASES, **more}}))
        limited = ["/bin/sh", "-c", f'ulimit -n {descriptors}; exec "$0"']
        here.start(layer, {**PATIENT, "WARMKEY_CONFIG": str(config)}, command=limited).ready()
        yield here.aws, here.daemon
    lines = here.daemon.lines
    assert {line["level"] for line in lines} <= {"DEBUG", "INFO"}, lines


@contextmanager
def disturbed(layer: Path, aliases: int = 0) -> Iterator[Daemon]:
    """A daemon for those who misbehave, with an honest reader beside them.

    Args:
        layer: The layer's tree.
        aliases: How many more its secret has.

    Raises:
        AssertionError: The honest reader was harmed, or the daemon's log is not as it should be.
    """
    with world(layer, aliases=aliases) as (_, daemon), HonestReader(daemon):
        yield daemon


class HonestReader:
    """Reads a secret over and over, until the `with` block ends; then it says whether all was well.

    It keeps one connection alive, and reads undisturbed before the block begins.

    Args:
        daemon: The daemon.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._request = daemon.request(KEY)
        self._client = RawClient(daemon.port)
        self._leaves = threading.Event()
        self._slowest = 0.0
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._read_on)

    def __enter__(self) -> Self:
        self._allowed = max(_ALWAYS_ALLOWED, _TIMES_SLOWER * self._undisturbed())
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._leaves.set()
        self._thread.join(2 * PATIENCE)
        self._client.close()
        if kind is None:
            assert self._failure is None, f"the honest reader was harmed: {self._failure!r}"
            assert self._slowest <= self._allowed, (
                f"the honest reader's slowest answer took {self._slowest:.2f} s, which is more "
                f"than {self._allowed:.2f} s"
            )

    def _undisturbed(self) -> float:
        return max(self._read() for _ in range(_UNDISTURBED))

    def _read_on(self) -> None:
        try:
            while True:
                self._slowest = max(self._slowest, self._read())
                if self._leaves.wait(_PAUSE):
                    return
        except Exception as failure:
            self._failure = failure

    def _read(self) -> float:
        """Read once; the seconds that it took."""
        begun = time.perf_counter()
        answer = self._client.ask(self._request)
        seconds = time.perf_counter() - begun
        assert (answer.status, answer.body) == (200, VALUE.encode())
        return seconds

"""AWS with secrets that are rotated together, and a daemon that declares them in every way."""

import base64
import json
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Self

from tests.chaos.lifecycle_world import says_nothing_secret
from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import PATIENCE, Daemon
from tests.integration.raw_client import RawClient

_DECLARED = {
    **{f"P{number}": f"/batch/{number}" for number in range(3)},
    "tree": "/tree/*",
    "TEXT": "secretsmanager:text",
    "BINARY": "secretsmanager:binary",
}
_MEMBERS = {"a": "/tree/a", "b/c": "/tree/b/c"}
ALIASES = ("P0", "P1", "P2", *_MEMBERS, "TEXT", "BINARY")
_IMPATIENT = {
    "WARMKEY_TTL": "0",
    "WARMKEY_UPSTREAM_TIMEOUT_MILLIS": "150",
    "WARMKEY_PREFETCH_TIMEOUT_MILLIS": "100",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a read of one secret brought.

    Attributes:
        state: `fresh` or `stale`, or why there is no value, such as `throttled`.
        version: Which one; 0 where there is none.
    """

    state: str
    version: int


class Upstream:
    """The fakes, and a daemon that declares secrets of every kind, once it is started.

    Each value names the version that it is of. Every read goes upstream, unless told otherwise.

    Args:
        aws: What the daemon fetches from.

    Attributes:
        aws: The same.
        api: What the daemon registers at.
        daemon: The daemon.
        version: The version that was put last.

    Raises:
        AssertionError: When the block ends: the daemon has written anything but log lines, or a
            secret.
    """

    daemon: Daemon

    def __init__(self, aws: FakeAws | None = None) -> None:
        self.aws = aws or FakeAws()
        self.version = 0
        self._lock = threading.Lock()
        self._versions: dict[str, int] = {}  # of Secrets Manager, by their ids

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.aws)
            self.api = stack.enter_context(FakeRuntimeApi())
            self.folder = Path(stack.enter_context(TemporaryDirectory()))
            self.rotate()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(
        self,
        layer: Path,
        variables: Mapping[str, str] = MappingProxyType({}),
        *,
        command: Sequence[str] = (),
        config: str | None = None,
    ) -> Self:
        """Start the daemon, and wait until it asks for its first event.

        Args:
            layer: The layer's tree.
            variables: Its variables, beside those that lead to the fakes.
            command: What starts it, before the path of its executable.
            config: Where it finds the file that this writes; None where it is found.
        """
        file = self.folder / "warmkey.json"
        file.write_text(json.dumps({"secrets": _DECLARED}))
        given = {"WARMKEY_CONFIG": config or str(file), **_IMPATIENT, **variables}
        daemon = Daemon(layer, self.api, {**self.aws.environment(), **given}, command=command)
        self._stack.callback(_look_at_output, daemon)
        self.daemon = self._stack.enter_context(daemon)
        self.daemon.wait_until_ready()
        return self

    def rotate(self) -> int:
        """Give every secret its next version, and return its number."""
        with self._lock:
            self.version += 1
            names = [_DECLARED[f"P{number}"] for number in range(3)]
            for name in names:
                self.aws.parameters.put(name, f"canary {self.version}")
            self.aws.parameters.put_together(
                dict.fromkeys(_MEMBERS.values(), f"canary {self.version}")
            )
            for name, value in (
                ("text", f"canary {self.version}"),
                ("binary", b"\0canary %d\xff" % self.version),
            ):
                self._versions[self.aws.secrets.put(name, value)] = self.version
            return self.version

    def sees(self, aliases: Iterable[str] = ALIASES) -> set[Seen]:
        """Read secrets side by side, each with all that is said of it.

        Raises:
            AssertionError: A value is not that of the version that is named beside it.
        """
        with ExitStack() as stack:
            readers = [stack.enter_context(RawClient(self.daemon.port)) for _ in aliases]
            for alias, reader in zip(aliases, readers, strict=True):
                reader.send(self.daemon.request(f"/v1/secrets/{alias}?format=json"))
            return {self.understood(reader.answer()) for reader in readers}

    def understood(self, answer: Any) -> Seen:
        """What an answer with all that is said of a secret says.

        Raises:
            AssertionError: The value is not that of the version.
        """
        said = json.loads(answer.body)
        if answer.status != 200:
            return Seen(said["type"].rpartition("upstream-")[2], 0)
        with self._lock:
            version = self._versions.get(said["version"]) or int(said["version"])
        values = {"value": f"canary {version}"}, {"valueBase64": _base64(version)}
        assert {key: said[key] for key in said if key.startswith("value")} in values
        return Seen(answer.headers.get("Warmkey-State", "fresh"), version)

    def fails(self, kind: str) -> str:
        """Read secrets that were never had.

        Raises:
            AssertionError: A reader hears of something else than that failure, or its end.
        """
        seen = self.sees(["P0", "TEXT", "a"])
        assert seen <= {Seen(kind, 0), Seen("timeout", 0)}, seen
        return kind

    def serves_stale(self, version: int) -> str:
        """Read every secret, one by one and all at once.

        Raises:
            AssertionError: They are not all of this version, and stale.
        """
        assert self.sees() == {Seen("stale", version)}
        self._serves_together(version)
        return "with a value held, that as stale"

    def comes_to_serve(self, version: int, seconds: float = PATIENCE) -> str:
        """Read until every secret is fresh, and of this version.

        Raises:
            AssertionError: They are not within so many seconds.
        """
        until = time.monotonic() + seconds
        while (seen := self.sees()) != {Seen("fresh", version)}:
            assert time.monotonic() < until, f"{seen}, and not version {version} in {seconds} s"
        self._serves_together(version)
        return "the new value"

    def _serves_together(self, version: int) -> None:
        expected = dict.fromkeys(ALIASES, f"canary {version}")
        together = self.daemon.get("/v1/secrets").json()
        assert together == {**expected, "BINARY": _base64(version)}


def _look_at_output(daemon: Daemon) -> None:
    says_nothing_secret(daemon)
    assert "fault" not in daemon.output


def _base64(version: int) -> str:
    return base64.b64encode(b"\0canary %d\xff" % version).decode()

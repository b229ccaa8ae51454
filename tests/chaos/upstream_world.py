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
from typing import Self

from tests.chaos.world import VALUE, World
from tests.fakes.aws import FakeAws
from tests.integration.raw_client import Answer, RawClient
from tests.patience import PATIENCE

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


class Upstream(World):
    """A world whose daemon declares secrets of every kind, and waits for none of them for long.

    Each value names the version that it is of. Every read goes upstream, unless told otherwise.

    Args:
        aws: What the daemon fetches from; None for one of its own.

    Attributes:
        folder: Where the file lies that declares them.
        version: The version that was put last.
    """

    def __init__(self, aws: FakeAws | None = None) -> None:
        super().__init__(aws, _IMPATIENT)
        self.version = 0
        self._lock = threading.Lock()
        self._versions: dict[str, int] = {}  # of Secrets Manager, by their ids
        self.rotate()

    def __enter__(self) -> Self:
        super().__enter__()
        self.folder = Path(self._stack.enter_context(TemporaryDirectory()))
        file = self.folder / "warmkey.json"
        file.write_text(json.dumps({"secrets": _DECLARED}))
        self._variables["WARMKEY_CONFIG"] = str(file)
        return self

    def start(
        self,
        layer: Path,
        variables: Mapping[str, str] = MappingProxyType({}),
        *,
        command: Sequence[str] = (),
        descriptors: Sequence[int] = (),
    ) -> Self:
        """Start the daemon, and wait until it asks for its first event."""
        return super().start(layer, variables, command=command, descriptors=descriptors).ready()

    def rotate(self) -> int:
        """Give every secret its next version, and return its number."""
        with self._lock:
            self.version += 1
            names = [_DECLARED[f"P{number}"] for number in range(3)]
            for name in names:
                self.aws.parameters.put(name, _text(self.version))
            self.aws.parameters.put_together(dict.fromkeys(_MEMBERS.values(), _text(self.version)))
            for name, value in (("text", _text(self.version)), ("binary", _binary(self.version))):
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

    def understood(self, answer: Answer) -> Seen:
        """What an answer with all that is said of a secret says.

        Raises:
            AssertionError: The value is not that of the version.
        """
        said = json.loads(answer.body)
        if answer.status != 200:
            return Seen(said["type"].rpartition("upstream-")[2], 0)
        with self._lock:
            version = self._versions.get(said["version"]) or int(said["version"])
        values = {"value": _text(version)}, {"valueBase64": _base64(version)}
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

    def comes_to_serve(self, version: int) -> str:
        """Read until every secret is fresh, and of this version.

        Raises:
            AssertionError: They do not become so.
        """
        until = time.monotonic() + PATIENCE
        while (seen := self.sees()) != {Seen("fresh", version)}:
            assert time.monotonic() < until, f"{seen}, and not version {version}"
        self._serves_together(version)
        return "the new value"

    def _serves_together(self, version: int) -> None:
        expected = dict.fromkeys(ALIASES, _text(version))
        together = self.daemon.get("/v1/secrets").json()
        assert together == {**expected, "BINARY": _base64(version)}

    def _look_at_output(self) -> None:
        super()._look_at_output()
        assert all("fault" not in daemon.output for daemon in self._daemons)


def _text(version: int) -> str:
    return f"{VALUE} {version}"


def _binary(version: int) -> bytes:
    return b"\0%s\xff" % _text(version).encode()


def _base64(version: int) -> str:
    return base64.b64encode(_binary(version)).decode()

"""SSM for benchmarks: it has every parameter, checks nothing, and remembers when what came."""

import json
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from socket import socket

from tests.bench.service import Service, header, response

_ARN = "arn:aws:ssm:eu-central-1:123456789012:parameter"


@dataclass(frozen=True, slots=True)
class Call:
    """A call; moments in seconds of `time.monotonic`.

    Attributes:
        action: E.g. `GetParameters`.
        names: How many parameters it asks for.
        came: It was there in full.
        answered: Its answer was ready.
    """

    action: str
    names: int
    came: float
    answered: float


@dataclass(slots=True)
class Connection:
    """A connection; moments likewise.

    Attributes:
        opened: It was accepted.
        secured: Its TLS handshake was over; None where it never was.
        calls: The calls that came over it, as they were answered.
    """

    opened: float
    secured: float | None = None
    calls: list[Call] = field(default_factory=list)


@dataclass(slots=True)
class Record:
    """What has come since the record was begun."""

    connections: list[Connection] = field(default_factory=list)

    @property
    def calls(self) -> list[Call]:
        """Every call that has been answered, over whichever connection."""
        return [call for connection in self.connections for call in connection.calls]


class Ssm(Service):
    """SSM, over TLS, for the time of a `with` block.

    Args:
        tls: The server's side of TLS.
        value: What every parameter holds.

    Attributes:
        record: What has come since `begin`.
    """

    def __init__(self, tls: ssl.SSLContext, value: str) -> None:
        self._value = value
        self._connecting = self._answering = 0.0
        self._here = threading.local()  # the connection of this thread
        self.record = Record()
        super().__init__(self._respond, tls)

    def begin(self, connecting: float = 0.0, answering: float = 0.0) -> Record:
        """Begin another record.

        Args:
            connecting: How long a new connection waits for its TLS handshake, in seconds.
            answering: How long a call waits for its answer, likewise.
        """
        self._connecting, self._answering = connecting, answering
        self.record = Record()
        return self.record

    def _session(self, connection: socket) -> socket:
        self._here.connection = accepted = Connection(time.monotonic())
        self.record.connections.append(accepted)
        _wait(self._connecting)
        session = super()._session(connection)
        accepted.secured = time.monotonic()
        return session

    def _respond(self, head: bytes, body: bytes) -> bytes:
        came = time.monotonic()
        _wait(self._answering)
        action = _action(head)
        asked = json.loads(body)
        names = asked["Names"] if action == "GetParameters" else [asked["Name"]]
        answer = self._answer_to(action, names)
        self._here.connection.calls.append(Call(action, len(names), came, time.monotonic()))
        return answer

    def _answer_to(self, action: str, names: Iterable[str]) -> bytes:
        found = [self._parameter(name) for name in names]
        if action == "GetParameter":
            return response(json.dumps({"Parameter": found[0]}).encode())
        return response(json.dumps({"InvalidParameters": [], "Parameters": found}).encode())

    def _parameter(self, name: str) -> dict[str, object]:
        return {
            "ARN": f"{_ARN}{name}",
            "DataType": "text",
            "LastModifiedDate": 1763751600.123,
            "Name": name,
            "Type": "SecureString",
            "Value": self._value,
            "Version": 1,
        }


def _wait(seconds: float) -> None:
    if seconds:
        time.sleep(seconds)


def _action(head: bytes) -> str:
    service, _, action = header(head, b"x-amz-target").decode().partition(".")
    if service != "AmazonSSM":
        raise ValueError(f"not a call to SSM: {head[:80]!r}")
    return action

"""Readers of many endpoints at once, on one thread: one for each execution environment."""

import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.fakes.http_service import LOOPBACK

_PACE = 0.02  # seconds between two attempts to connect
_CHUNK = 65536


@dataclass(slots=True)
class Reader:
    """One of them.

    Attributes:
        port: The endpoint's port.
        request: What it asks.
        answer: What has come.
        answered_at: When the answer had come, in seconds of `time.monotonic`; None before.
    """

    port: int
    request: bytes
    answer: bytes = b""
    answered_at: float | None = None

    @property
    def value(self) -> bytes | None:
        """What the endpoint gave; None where it gave none."""
        head, _, body = self.answer.partition(b"\r\n\r\n")
        return body if head.startswith(b"HTTP/1.1 200 ") else None


def read_all(readers: Iterable[Reader], timeout: float) -> None:
    """Read once from each, from the first instant at which it listens.

    Args:
        readers: Those who read. Their requests end the connection, so its end is the answer's.
        timeout: After so many seconds those who still wait give up.
    """
    ends = time.monotonic() + timeout
    waiting = list(readers)
    with selectors.DefaultSelector() as selector:
        while (waiting or selector.get_map()) and time.monotonic() < ends:
            waiting = list(_not_connected(waiting, selector))
            for key, _ in selector.select(_PACE):
                assert isinstance(key.fileobj, socket.socket)
                _receive(key.data, key.fileobj, selector)
        for key in list(selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()


def _not_connected(readers: Iterable[Reader], selector: selectors.BaseSelector) -> Iterator[Reader]:
    """Connect who can, and yield the others."""
    for reader in readers:
        connection = socket.socket()
        try:
            connection.connect((LOOPBACK, reader.port))
        except ConnectionRefusedError:
            connection.close()
            yield reader
            continue
        connection.sendall(reader.request)
        selector.register(connection, selectors.EVENT_READ, reader)


def _receive(reader: Reader, connection: socket.socket, selector: selectors.BaseSelector) -> None:
    try:
        more = connection.recv(_CHUNK)
    except ConnectionResetError:
        more = b""
    reader.answer += more
    if not more:
        reader.answered_at = time.monotonic()
        selector.unregister(connection)
        connection.close()

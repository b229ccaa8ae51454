"""A reader of the secret, as a function's code would be that runs from the first instant."""

import socket
import threading
import time
from typing import Self

from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import LOOPBACK

_PACE = 0.0002  # seconds between two attempts to connect
_CHUNK = 65536


class Reader:
    """Reads a path of a local endpoint once, on a thread of its own, until it is told to stop.

    While nobody listens it tries to connect again; connected, it waits for the answer. It is the
    same for every peer.

    Args:
        port: The endpoint's port on the loopback interface.
        path: The path to read.
        token: What the endpoint wants.
        value: What it shall answer.
    """

    def __init__(self, port: int, path: str, token: str, value: str) -> None:
        self._address = (LOOPBACK, port)
        self._value = value.encode()
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\n{TOKEN_HEADER}: {token}\r\n\r\n"
        ).encode()
        self._stopped = False
        self._answered_at: float | None = None
        self._thread = threading.Thread(target=self._read, name="reader", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        self._thread.join()

    def wait(self, timeout: float) -> float | None:
        """Wait for the value, `timeout` seconds at most.

        Returns:
            When it was there, in seconds of `time.monotonic`; None when it was not.
        """
        self._thread.join(timeout)
        return self._answered_at

    def _read(self) -> None:
        while not self._stopped and self._answered_at is None:
            with socket.socket() as connection:
                try:
                    connection.connect(self._address)
                    connection.sendall(self._request)
                    self._answered_at = self._value_came(connection)
                except OSError:  # refused, or the process was killed
                    time.sleep(_PACE)

    def _value_came(self, connection: socket.socket) -> float | None:
        answer = b""
        while more := connection.recv(_CHUNK):
            answer += more
            if answer.endswith(self._value):
                return time.monotonic()
        return None

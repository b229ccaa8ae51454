"""A client that does not behave."""

import select
import socket
import struct
from contextlib import suppress

from tests.integration.raw_client import RawClient
from tests.patience import PATIENCE

_RESET = struct.pack("ii", 1, 0)


class RudeClient(RawClient):
    """A `RawClient` that knows how to misbehave, and is more patient.

    Args:
        port: The endpoint's port on 127.0.0.1.
        narrow: As in `RawClient`.
    """

    def __init__(self, port: int, *, narrow: bool = False) -> None:
        super().__init__(port, narrow=narrow)
        self._socket.settimeout(3 * PATIENCE)

    def drip(self, data: bytes) -> None:
        """Send bytes, unless the endpoint has answered or is gone."""
        heard = select.poll()
        heard.register(self._socket, select.POLLIN)
        if not heard.poll(0):
            with suppress(OSError):
                self._socket.send(data)

    def insist(self, data: bytes) -> None:
        """Send bytes, however many of them the endpoint may want."""
        with suppress(ConnectionError):
            self.send(data)

    def is_closed(self) -> bool:
        """Wait for the end of the connection, or its reset; False where more data comes first."""
        try:
            return super().is_closed()
        except ConnectionError:
            return True

    def reset(self) -> None:
        """Die: reset the connection, as the kernel does for a process with unread bytes."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close()

    def rest(self) -> bytes:
        """Everything that comes until the endpoint ends the connection."""
        return self._stream.read()

    def taste(self) -> bytes:
        """Take a first byte of what the endpoint sends, and leave the rest."""
        return self._socket.recv(1)

"""A client of the endpoint that sends whatever bytes it is given."""

import http.client
import socket
from dataclasses import dataclass
from email.message import Message

from tests.canary.watch import WATCH
from tests.closing import Closing
from tests.fakes.http_service import LOOPBACK
from tests.patience import PATIENCE

_SMALL_BUFFER = 4096  # bytes
_SMALL_SEGMENT = 536  # bytes: the least that every host takes (RFC 9293 §3.7.1)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was received.

    Attributes:
        status: Its status.
        headers: Its header fields; look-ups ignore case.
        body: Its body.
    """

    status: int
    headers: Message
    body: bytes


class RawClient(Closing):
    """One connection to 127.0.0.1, until the `with` block ends.

    Args:
        port: The port.
        narrow: Whether the two sockets are to hold little between them: some 50 KB, and not 3 MB.
    """

    def __init__(self, port: int, *, narrow: bool = False) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.settimeout(PATIENCE)
        if narrow:  # the kernel makes the other side's send buffer to the measure of a segment
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SMALL_SEGMENT)
        self._socket.connect((LOOPBACK, port))
        self._stream = self._socket.makefile("rb")

    def close(self) -> None:
        """Leave, whatever is still on its way."""
        self._stream.close()
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def end(self) -> None:
        """Say that nothing more will be sent, and go on listening."""
        self._socket.shutdown(socket.SHUT_WR)

    def answer(self, *, to_head: bool = False) -> Answer:
        """The next answer.

        Args:
            to_head: The request was a HEAD, so its answer has no body, whatever its length says.

        Raises:
            ConnectionError: The connection was closed instead.
        """
        line = self._stream.readline()
        if not line:
            raise ConnectionError("the endpoint closed the connection without an answer")
        status = int(line.split()[1])
        headers = http.client.parse_headers(self._stream)
        length = 0 if to_head or status == 304 else int(headers["Content-Length"])
        body = self._stream.read(length)
        if status >= 400:
            WATCH.note(f"an answer of status {status}", f"{headers}\n{body.decode('latin-1')}")
        return Answer(status, headers, body)

    def ask(self, data: bytes) -> Answer:
        """Send bytes, and return the next answer."""
        self.send(data)
        return self.answer()

    def is_closed(self) -> bool:
        """Wait for the end of the connection; False where more data comes first."""
        return self._stream.read(1) == b""

    def has_ended(self, *, take: bool) -> bool:
        """Whether the endpoint has ended the connection by now.

        Args:
            take: Whether to take what else has come, and forget it; else nothing is looked at.
        """
        if not take:
            return False
        self._socket.setblocking(False)
        try:
            while self._socket.recv(1 << 16):
                pass
        except BlockingIOError:
            return False
        except ConnectionError:
            return True
        finally:
            self._socket.settimeout(PATIENCE)
        return True

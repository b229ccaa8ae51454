"""The extension's endpoint on localhost, as this process reaches it: HTTP/1.1, kept alive.

- A connection belongs to the thread and the process that opened it, and while in use to one read.
  So there is no lock (that a fork could copy while it is held), and one inherited over a fork is
  never used.
- What was sent and received stays out of local variables, so that no traceback tool can show it.

`_socket` and not `http.client`, nor even `socket`: the first read of a cold start pays for their
import in full. On Python 3.11, bare or in the Lambda runtime's bootstrap (which loads none of the
three), that is 0.4 ms, 17 ms (it brings `ssl` and `email`) and 2.7 ms.
"""

import _socket
from _thread import get_ident
from os import getpid
from time import monotonic

from .errors import AccessRefused, EndpointUnavailable, WarmkeyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HOST, PORT = "127.0.0.1", 2773
PORT_VARIABLES = ("WARMKEY_PORT", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT")
TOKEN_VARIABLES = ("AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "WARMKEY_TOKEN")
TIMEOUT = 30.0
"""Seconds for one read: it may have to wait for the prefetch, which has 5 s by default."""


class Response:
    """The endpoint's answer: its status, its headers by lower-case name, and its body."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


class Connection(_socket.socket):
    """One connection, and what it has received of an answer on its way."""

    __slots__ = ("received",)

    def __init__(self, port: int, timeout: float) -> None:
        super().__init__(_socket.AF_INET, _socket.SOCK_STREAM)
        self.received = bytearray()
        self.settimeout(timeout)
        try:
            self.connect((HOST, port))
        except OSError:
            self.close()
            raise

    def receive(self, deadline: float) -> Response:
        """Receive one answer whole, until `deadline` on the monotonic clock.

        Raises:
            OSError: The connection broke, or the deadline passed.
            ValueError: The answer is not HTTP/1.1 as Warmkey speaks it.
        """
        while (end := self.received.find(b"\r\n\r\n")) < 0:
            self._receive_more(deadline)
        start, *lines = self.received[:end].decode("latin-1").split("\r\n")
        fields = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in fields}
        version, status = start[:9], start[9:12]
        length = "0" if status == "304" else headers.get("content-length", "")
        if version != "HTTP/1.1 " or not status.isdecimal() or not length.isdecimal():
            raise ValueError("something else listens there")
        body, end = end + 4, end + 4 + int(length)
        while len(self.received) < end:
            self._receive_more(deadline)
        if len(self.received) > end:
            raise ValueError("the answer is longer than it says")
        response = Response(int(status), headers, bytes(self.received[body:]))
        self.received.clear()
        return response

    def _receive_more(self, deadline: float) -> None:
        if (left := deadline - monotonic()) <= 0:
            raise TimeoutError
        self.settimeout(left)
        if not (data := self.recv(65536)):
            raise ConnectionResetError("the connection was closed without a whole answer")
        self.received += data


class Endpoint:
    """Where the extension listens, and the idle connections to it."""

    def __init__(self, environ: "Mapping[str, str]", timeout: float) -> None:
        self._environ = environ
        self._timeout = timeout
        self._idle: dict[tuple[int, int], Connection] = {}

    def read(self, path: str, etag: str = "") -> Response:
        """Ask for a path; with an entity tag, only for what differs from it.

        Raises:
            EndpointUnavailable: Nothing answers in time, or something that is not Warmkey.
            AccessRefused: The token can't be read, or can't be one.
            WarmkeyError: `WARMKEY_PORT` is not a port.
        """
        deadline = monotonic() + self._timeout
        try:
            if idle := self._idle.pop((getpid(), get_ident()), None):
                try:
                    return self._exchange(idle, path, etag, deadline)
                except ConnectionError:
                    pass  # the other side closed it while it was idle or frozen: open another
            opened = Connection(self.port(), self._timeout)
            return self._exchange(opened, path, etag, deadline)
        except (OSError, ValueError) as error:
            timeout = f"nothing within {self._timeout:g} s"
            reason = timeout if isinstance(error, TimeoutError) else error
            raise EndpointUnavailable(
                f"No answer from Warmkey on {HOST}:{self.port()} ({reason}). Its layer is probably"
                f" not attached to this function, or its extension has stopped (its log says why)."
                f" If it listens on another port, set {' or '.join(PORT_VARIABLES)} here as there."
            ) from error

    def port(self) -> int:
        """The port, as the extension chooses it: an official name's bad value means the default.

        Raises:
            WarmkeyError: `WARMKEY_PORT` is not a port.
        """
        own, official = PORT_VARIABLES
        name = own if self._environ.get(own) else official
        text = self._environ.get(name, "").strip()
        if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 65536:
            return int(text)
        if text and name == own:
            raise WarmkeyError(f"{own} is {text!r}; it must be a whole number from 1 to 65535.")
        return PORT

    def close(self) -> None:
        """Close the idle connections; a later read opens another."""
        while self._idle:
            self._idle.popitem()[1].close()

    def _exchange(self, connection: Connection, path: str, etag: str, deadline: float) -> Response:
        try:
            connection.sendall(self._request(path, etag))
            response = connection.receive(deadline)
        except BaseException:  # an answer cut short must not become the next read's
            connection.close()
            raise
        self._idle[getpid(), get_ident()] = connection
        return response

    def _request(self, path: str, etag: str) -> bytes:
        match = f"If-None-Match: {etag}\r\n" if etag else ""
        return (
            f"GET {path} HTTP/1.1\r\nHost: {HOST}:{self.port()}\r\n"
            f"X-Aws-Parameters-Secrets-Token: {self._token()}\r\n{match}\r\n"
        ).encode("latin-1")

    def _token(self) -> str:
        """The token, looked up at each request: under SnapStart it appears after the restore."""
        token = next(filter(None, map(self._environ.get, TOKEN_VARIABLES)), "")
        if not token and (path := self._environ.get("WARMKEY_TOKEN_FILE")):
            try:
                with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs 10 ms
                    token = file.read().decode(errors="replace").strip()
            except OSError as error:
                raise AccessRefused(f"WARMKEY_TOKEN_FILE={path}: {error.strerror}.") from error
        if not (token.isascii() and token.isprintable()):
            names = ", ".join((*TOKEN_VARIABLES, "WARMKEY_TOKEN_FILE"))
            raise AccessRefused(f"The token (of {names}, the first set) is not one line of ASCII.")
        return token

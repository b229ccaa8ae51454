"""The extension's endpoint on localhost, as this process reaches it, and what it answers.

- Each read has a connection of its own. Values are kept in memory, so few reads come here, and to
  connect costs 0.1 ms; a connection kept alive would have to outlive forks, threads, frozen
  environments and snapshots.
- `_socket` and not `http.client`, nor even `socket`: the first read of a cold start pays for their
  import in full. On Python 3.11, bare or in the Lambda runtime's client (which loads none of the
  three), that is 0.4 ms, 17 ms (it brings `ssl` and `email`) and 2.7 ms.
- Nothing raises while a value or the token is in a local variable: tools that show the variables
  of a traceback must not show it.
"""

import _socket
import os
from _queue import SimpleQueue
from sys import byteorder

from .errors import AccessRefused, EndpointUnavailable, SecretNotFound, UpstreamError, WarmkeyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HOST, PORT = "127.0.0.1", 2773
PORT_VARIABLES = ("WARMKEY_PORT", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT")
TOKENS = ("WARMKEY_TOKEN", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN")
LARGEST_TOKEN = 4096  # bytes in a file
MOST_CONNECTIONS = 64  # at one time; further reads wait for theirs
NEITHER = ": neither the token that this process started with nor its current one is accepted"
_ERRORS = {403: AccessRefused, 404: SecretNotFound, **dict.fromkeys((502, 503, 504), UpstreamError)}


class Answer:
    """What the endpoint has sent.

    Attributes:
        status: The HTTP status; 0 where that is not one whole answer in HTTP/1.1.
        headers: The headers by name, all in lower case.
        value: The body: a str where it is text, bytes where it is anything else.
    """

    __slots__ = ("headers", "status", "value")

    def __init__(self, data: bytes) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        start, *lines = head.decode("latin-1").lower().split("\r\n")
        self.headers = {k: v.strip() for k, _, v in (line.partition(":") for line in lines)}
        whole = self.headers.get("content-length") == str(len(body))
        understood = whole and start.startswith("http/1.1 ") and start[9:12].isdecimal()
        self.status = int(start[9:12]) if understood else 0
        # Not decoded strictly, so that no decoder's error can hold a value.
        is_text = self.headers.get("content-type", "").startswith("text/")
        self.value = body.decode(errors="surrogateescape") if is_text else body

    def keep_for(self) -> float:
        """Seconds to serve the value from memory, none or less where it must not be.

        `max-age` is the value's time to live and `Age` what has passed of it (RFC 9111). From 80 %
        of it on, reads go to the endpoint, which answers at once and refreshes beside that: a value
        kept to its end would make the next read wait for AWS.
        """
        lifetime = self.headers.get("cache-control", "").partition("max-age=")[2]
        passed = self.headers.get("age", "")
        known = lifetime.isdecimal() and passed.isdecimal()
        known = known and self.headers.get("warmkey-state") != "stale"
        return 0.8 * int(lifetime) - int(passed) if known else 0

    def error(self, note: str = "") -> WarmkeyError:
        """The error of an answer that is no value, with what its problem says (RFC 9457)."""
        from json import loads  # costs a bare interpreter 5 ms, and few reads need it

        is_problem = self.headers.get("content-type", "").startswith("application/problem+json")
        try:
            problem = loads(self.value) if is_problem else {}
            reason = "; ".join(problem[part] for part in ("detail", "hint") if part in problem)
        except (ValueError, RecursionError, TypeError):
            reason = ""
        said = reason or "the endpoint gives no reason; is it Warmkey's?"
        error = _ERRORS.get(self.status, WarmkeyError)(f"{said}{note} (status {self.status})")
        error.status = self.status
        return error


class Endpoint:
    """Where the extension listens.

    The token of the start comes first: a function that takes on another role may put that one's
    session token into its environment, which the extension doesn't know. Where it is refused, that
    of the environment is tried: under SnapStart it appears, and changes, after the restore.

    Args:
        environ: Names the port or socket, and the token.
        timeout: Seconds of silence after which a read gives up.
    """

    def __init__(self, environ: "Mapping[str, str]", timeout: float) -> None:
        self._environ, self._timeout = environ, timeout
        self._started = "" if self._file() else self._given()
        self._owner, self._places = 0, SimpleQueue[int]()

    def read(self, target: str) -> Answer:
        """Get what is there, with status 200.

        Args:
            target: The path, percent-encoded, and the query.

        Raises:
            EndpointUnavailable: Nothing answers in time, or something that is not Warmkey.
            WarmkeyError: The answer has another status, or a variable can't be what it must be.
        """
        answer, note = self._ask(target, current=not self._started), ""
        if answer.status == 403 and self._started and self._given() not in ("", self._started):
            answer, note = self._ask(target, current=True), NEITHER
            if answer.status != 403:
                self._started, note = self._given(), ""
        if answer.status == 200:
            return answer
        raise answer.error(note)

    def _ask(self, target: str, *, current: bool) -> Answer:
        if self._owner != os.getpid():  # those that threads of another process hold come not back
            places = SimpleQueue[int]()
            for number in range(MOST_CONNECTIONS):
                places.put(number)
            self._places, self._owner = places, os.getpid()
        path, port = self._environ.get("WARMKEY_SOCKET", ""), self.port()
        place = (places := self._places).get()
        try:
            if (answer := self._exchange(path or (HOST, port), target, current)).status:
                return answer
            reason = "something else is listening there, or the connection broke"
        except OSError as error:
            reason = str(error)
        finally:
            places.put(place)
        at, name = (path, "WARMKEY_SOCKET") if path else (f"{HOST}:{port}", "WARMKEY_PORT")
        raise EndpointUnavailable(
            f"No answer from Warmkey on {at}: {reason}. Is its layer attached, its extension"
            f" running (its log says), and {name} the same here as there?"
        )

    def _exchange(self, at: str | tuple[str, int], target: str, current: bool) -> Answer:
        connection = _socket.socket(_socket.AF_UNIX if isinstance(at, str) else _socket.AF_INET)
        try:
            connection.settimeout(self._timeout)
            connection.connect(at)
            if isinstance(at, str) and _user_of_peer(connection) not in (0, os.geteuid()):
                raise OSError("another user listens there")
            connection.sendall(self._request(target, current))
            return Answer(b"".join(iter(lambda: connection.recv(65536), b"")))
        finally:
            connection.close()

    def port(self) -> int:
        """The port, as the extension chooses it: an official name's bad value means the default.

        Raises:
            WarmkeyError: `WARMKEY_PORT` is not a port.
        """
        for name in PORT_VARIABLES:
            text = self._environ.get(name, "").strip()
            if text.isascii() and text.isdigit() and len(text) < 9 and 0 < int(text) < 65536:
                return int(text)
            if text and name == "WARMKEY_PORT":
                raise WarmkeyError(f"{name} is {text!r}; it must be a whole number from 1 to 65535")
        return PORT

    def _request(self, target: str, current: bool) -> bytes:
        return (
            f"GET {target} HTTP/1.1\r\nHost: {HOST}:{self.port()}\r\nConnection: close\r\n"
            f"X-Aws-Parameters-Secrets-Token: {self._given() if current else self._started}\r\n\r\n"
        ).encode(errors="surrogateescape")

    def _file(self) -> str:
        """The file that holds the token, unless a variable does; it may be rotated."""
        own = self._environ.get("WARMKEY_TOKEN", "").strip()
        return "" if own else self._environ.get("WARMKEY_TOKEN_FILE", "")

    def _given(self) -> str:
        """The token that was meant for this, else the one that Lambda gives to both sides."""
        path = self._file()
        if not path:
            return next(filter(None, (self._environ.get(n, "").strip() for n in TOKENS)), "")
        try:
            # One that is no regular file must not have a read wait for who writes to it.
            with open(path, "rb", opener=lambda *a: os.open(a[0], a[1] | os.O_NONBLOCK)) as file:
                return (file.read(LARGEST_TOKEN) or b"").decode(errors="surrogateescape").strip()
        except OSError as error:
            raise AccessRefused(f"WARMKEY_TOKEN_FILE={path}: {error.strerror}.") from error


def _user_of_peer(connection: "_socket.socket") -> int:
    """Who listens at the other end of a Unix socket: the second number of a `struct ucred`."""
    credentials = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
    return int.from_bytes(credentials[4:8], byteorder)

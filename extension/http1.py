"""HTTP/1.1 messages: parsed from bytes and built as bytes (RFC 9112), for both sides.

The endpoint reads request heads with `parse_request`; the upstream side feeds what arrives to a
`ResponseReader`. Header names are lower case in parsed messages.
"""

from __future__ import annotations

from .value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Headers = tuple[tuple[str, str], ...]

LONGEST_HEAD = 8192
LONGEST_BODY = 16 << 20
END_OF_HEAD = b"\r\n\r\n"
_NAME_CHARACTERS = frozenset(
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
_DIGITS = frozenset("0123456789")
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
REASONS = {
    200: "OK",
    304: "Not Modified",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class MalformedMessage(ValueError):
    """The bytes are not an HTTP/1.1 message; the message says why and never shows them."""


class Request(Value):
    """A request.

    Attributes:
        method: such as `GET`.
        target: the request target, as sent (`/path?query`).
        headers: names and values, in order.
        body: the content.
        version: `HTTP/1.0` or `HTTP/1.1`.
    """

    SECRET = ("headers", "body")

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    version: str = "HTTP/1.1"

    def header(self, name: str) -> str | None:
        """The value of a header, its lines joined as RFC 9110 §5.2 says; None if absent.

        Args:
            name: the header's name, in lower case.
        """
        return _header(self.headers, name)


class Response(Value):
    """A response; the attributes are those of `Request`, and a status code."""

    SECRET = ("headers", "body")

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of a header; see `Request.header`."""
        return _header(self.headers, name)


def build_request(request: Request) -> bytes:
    """The bytes of a request; its `Content-Length` is added.

    Raises:
        ValueError: something in its head holds a line break, which would smuggle a header.
    """
    length = () if request.method == "GET" else (("Content-Length", str(len(request.body))),)
    start = f"{request.method} {request.target} {request.version}"
    return _head(start, (*request.headers, *length)) + request.body


def build_response(response: Response) -> bytes:
    """The bytes of a response; its `Content-Length` is added. A 304 has no body (RFC 9110 §15.4.5).

    Raises:
        ValueError: something in its head holds a line break.
    """
    start = f"HTTP/1.1 {response.status} {REASONS[response.status]}"
    if response.status == 304:
        return _head(start, response.headers)
    length = ("Content-Length", str(len(response.body)))
    return _head(start, (*response.headers, length)) + response.body


def parse_request(head: bytes) -> Request:
    """Parse a request's head, without the empty line that ends it.

    Raises:
        MalformedMessage: it is not one.
    """
    start, headers = _parse_head(head)
    method, target, version = start.split(" ") if start.count(" ") == 2 else ("", "", "")
    if not (_is_name(method) and target) or version not in ("HTTP/1.0", "HTTP/1.1"):
        raise MalformedMessage("the request line is not METHOD TARGET HTTP/1.1, with CR LF behind")
    if not target.isprintable():
        raise MalformedMessage("the request target holds a control character")
    return Request(method, target, headers, version=version)


class ResponseReader:
    """Reads one response from the bytes that arrive, however they are cut.

    Theory of operation: until the head is whole, bytes gather in a buffer; the head then says how
    the body ends, and `_body` is asked after each arrival whether it is whole.
    """

    __slots__ = ("_buffer", "_ended", "_head")

    def __init__(self) -> None:
        self._buffer = b""
        self._head: Response | None = None
        self._ended = False

    @property
    def started(self) -> bool:
        """Whether any byte of the response has arrived."""
        return bool(self._buffer) or self._head is not None

    def feed(self, data: bytes) -> Response | None:
        """Take what arrived; empty bytes mean that the connection was closed.

        Returns:
            The response once it is whole, and None before.

        Raises:
            MalformedMessage: it is none, is too long, or was cut short by the close.
        """
        self._buffer += data
        self._ended = not data
        while self._head is None:
            head, end, rest = self._buffer.partition(END_OF_HEAD)
            if len(head) > LONGEST_HEAD + (0 if end else len(END_OF_HEAD) - 1):
                raise MalformedMessage("the response's head is too long")
            if not end and self._ended:
                raise MalformedMessage("the response's head is cut short")
            if not end:
                return None
            self._buffer = rest
            response = _response_head(head)
            if response.status >= 200:  # one of 1xx is followed by the real one
                self._head = response
        body = self._body(self._head)
        if body is None and self._ended:
            raise MalformedMessage("the response's body is cut short")
        return None if body is None else Response(self._head.status, self._head.headers, body)

    def _body(self, head: Response) -> bytes | None:
        """The content, or None while it is not whole; RFC 9112 §6.3 says where it ends."""
        if head.status in (204, 304):
            return b""
        length = head.header("content-length")
        if length is not None and not (0 < len(length) < 16 and _DIGITS.issuperset(length)):
            raise MalformedMessage("the response's Content-Length is no number")
        size = len(self._buffer) if length is None else int(length)
        if max(size, len(self._buffer)) > LONGEST_BODY:
            raise MalformedMessage(f"the response's body is longer than {LONGEST_BODY} bytes")
        coding = head.header("transfer-encoding")
        if coding is not None and coding.lower() != "chunked":
            raise MalformedMessage("the response's Transfer-Encoding is not chunked")
        if coding is not None:
            return _dechunked(self._buffer)
        whole = self._ended if length is None else len(self._buffer) >= size
        return self._buffer[:size] if whole else None


def _head(start: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in headers)]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break can't stand in a message's head")
    return ("\r\n".join(lines)).encode("latin-1") + END_OF_HEAD


def _header(headers: Headers, name: str) -> str | None:
    values = [value for key, value in headers if key == name]
    return ", ".join(values) if values else None


def _is_name(text: str) -> bool:
    return bool(text) and _NAME_CHARACTERS.issuperset(text)


def _parse_head(head: bytes) -> tuple[str, Headers]:
    start, *lines = head.decode("latin-1").split("\r\n")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        value = value.strip(" \t")
        if not colon or not _is_name(name):
            raise MalformedMessage("a header line is not NAME: VALUE")
        if any(forbidden in value for forbidden in "\0\r\n"):
            raise MalformedMessage("a header's value holds a control character")
        headers.append((name.lower(), value))
    return start, tuple(headers)


def _response_head(head: bytes) -> Response:
    start, headers = _parse_head(head)
    version, status, _ = f"{start}  ".split(" ", 2)  # the reason is often left out
    known = version in ("HTTP/1.0", "HTTP/1.1") and not any(end in start for end in "\0\r\n")
    number = int(status) if len(status) == 3 and _DIGITS.issuperset(status) else 0
    if not known or number < 100 or number == 101:
        raise MalformedMessage("the status line is not HTTP/1.1 STATUS REASON, or switches away")
    return Response(number, headers)


def _dechunked(data: bytes) -> bytes | None:
    """The content of a chunked body (RFC 9112 §7.1), or None while it is not whole."""
    start, chunks = 0, list[bytes]()  # copying the rest for each chunk would take squared time
    while (end := data.find(b"\r\n", start)) >= 0:
        line = data[start:end].decode("latin-1")
        digits = line.partition(";")[0].rstrip(" ")
        if not (0 < len(digits) < 16 and line.isprintable() and _HEX_DIGITS.issuperset(digits)):
            raise MalformedMessage("a chunk's size is no number")
        size, start = int(digits, 16), end + 2
        if size == 0:  # trailers, if any, end with an empty line
            return b"".join(chunks) if data.find(END_OF_HEAD, end) >= 0 else None
        if len(data) < start + size + 2:
            return None
        chunks.append(data[start : start + size])
        start += size + 2
        if data[start - 2 : start] != b"\r\n":
            raise MalformedMessage("a chunk is longer than its size")
    return None

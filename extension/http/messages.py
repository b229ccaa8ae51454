"""HTTP/1.1 messages: parsed from bytes and built as bytes (RFC 9112), for both sides.

The endpoint reads request heads with `parse_request`; the upstream side feeds what arrives to a
`response_parser.ResponseParser`. Header names are lower case in parsed messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]
Fields = Mapping[str, str]

LONGEST_HEAD = 8192
END_OF_HEAD = b"\r\n\r\n"
_NAME_CHARACTERS = frozenset(
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
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


@dataclass(frozen=True, slots=True)
class Request:
    """A request.

    Attributes:
        method: such as `GET`.
        target: the request target, as sent (`/path?query`).
        headers: names and values, in order.
        body: the content.
        version: `HTTP/1.0` or `HTTP/1.1`.
        fields: of one that was parsed, each header by its name in lower case; where it has several
            lines, they are joined (RFC 9110 §5.2).
    """

    method: str
    target: str
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    version: str = "HTTP/1.1"
    fields: Fields = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Response:
    """A response; the attributes are those of `Request`, and a status code."""

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    fields: Fields = field(default_factory=dict, repr=False, compare=False)


def build_request(request: Request) -> bytes:
    """The bytes of a request; its `Content-Length` is added.

    Raises:
        ValueError: something in its head holds a line break, which would smuggle a header.
    """
    bodiless = request.method in ("GET", "CONNECT")
    length = () if bodiless else (("Content-Length", str(len(request.body))),)
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


def next_head(data: bytes) -> tuple[bytes, bytes] | None:
    """Cut the first head off what has arrived; what can't become one is cut off, too.

    A head is none that is too long, or that has a line that ends with LF alone.

    Returns:
        The head and what follows it; None where the rest of it may be on its way.
    """
    head, end, rest = data.partition(END_OF_HEAD)
    too_long = len(head) >= LONGEST_HEAD + len(END_OF_HEAD)
    if end or too_long or head.count(b"\n") != head.count(b"\r\n"):
        return head, rest
    return None


def parse_request(head: bytes) -> Request:
    """Parse a request's head, without the empty line that ends it.

    Raises:
        MalformedMessage: it is not one.
    """
    start, headers, fields = parse_head(head)
    method, target, version = start.split(" ") if start.count(" ") == 2 else ("", "", "")
    if not (_is_name(method) and target) or version not in ("HTTP/1.0", "HTTP/1.1"):
        raise MalformedMessage("the request line is not METHOD TARGET HTTP/1.1, with CR LF behind")
    if not target.isprintable():
        raise MalformedMessage("the request target holds a control character")
    return Request(method, target, headers, version=version, fields=fields)


def parse_head(head: bytes) -> tuple[str, Headers, Fields]:
    """Split a message's head into its first line, its headers, and these by their names.

    Raises:
        MalformedMessage: a header is malformed; the first line is not looked at.
    """
    start, *lines = head.decode("latin-1").split("\r\n")
    headers = []
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        value = value.strip(" \t")
        if not colon or not _is_name(name):
            raise MalformedMessage("a header line is not NAME: VALUE")
        if any(forbidden in value for forbidden in "\0\r\n"):
            raise MalformedMessage("a header's value holds a control character")
        name = name.lower()
        headers.append((name, value))
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return start, tuple(headers), fields


def _head(start: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in headers)]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break can't stand in a message's head")
    return ("\r\n".join(lines)).encode("latin-1") + END_OF_HEAD


def _is_name(text: str) -> bool:
    return bool(text) and _NAME_CHARACTERS.issuperset(text)

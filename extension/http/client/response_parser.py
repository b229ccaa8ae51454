"""A response from the bytes that arrive: where it ends, and what it holds (RFC 9112)."""

from __future__ import annotations

from dataclasses import replace

from ..messages import END_OF_HEAD, LONGEST_HEAD, MalformedMessage, Response, parse_head

LONGEST_BODY = 16 << 20
_FRAMING = ("content-length", "transfer-encoding")
_DIGITS = frozenset("0123456789")
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


class ResponseParser:
    """Reads one response from the bytes that arrive, however they are cut.

    Theory of operation: until the head is complete, bytes gather in a buffer; the head then says
    how the body ends, and `_body` is asked after each arrival whether it is complete.

    Attributes:
        left_over: whether more has come than the response, which is no part of it.
    """

    __slots__ = ("_buffer", "_ended", "_head", "left_over")

    def __init__(self) -> None:
        self.left_over = False
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
            The response once it is complete, and None before.

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
        complete = self._body(self._head)
        if complete is None and self._ended:
            raise MalformedMessage("the response's body is cut short")
        if complete is None:
            return None
        body, length = complete
        self.left_over = length < len(self._buffer)
        return replace(self._head, body=body)

    def _body(self, head: Response) -> tuple[bytes, int] | None:
        """The content, and its length on the wire (RFC 9112 §6.3); None until it is complete."""
        if head.status in (204, 304):
            return b"", 0
        length = head.fields.get("content-length")
        if length is not None and not (0 < len(length) < 16 and _DIGITS.issuperset(length)):
            raise MalformedMessage("the response's Content-Length is not a number")
        size = len(self._buffer) if length is None else int(length)
        if max(size, len(self._buffer)) > LONGEST_BODY:
            raise MalformedMessage(f"the response's body is longer than {LONGEST_BODY} bytes")
        coding = head.fields.get("transfer-encoding")
        if coding is not None and length is not None:  # somebody between has changed one of them
            raise MalformedMessage("the response has a Content-Length and a Transfer-Encoding")
        if coding is not None and coding.lower() != "chunked":
            raise MalformedMessage("the response's Transfer-Encoding is not chunked")
        if coding is not None:
            return _dechunked(self._buffer)
        complete = self._ended if length is None else len(self._buffer) >= size
        return (self._buffer[:size], size) if complete else None


def _response_head(head: bytes) -> Response:
    start, headers, fields = parse_head(head)
    version, status, _ = f"{start}  ".split(" ", 2)  # the reason is often left out
    known = version in ("HTTP/1.0", "HTTP/1.1") and not any(end in start for end in "\0\r\n")
    number = int(status) if len(status) == 3 and _DIGITS.issuperset(status) else 0
    if not known or number < 100 or number == 101:
        raise MalformedMessage("the status line is not HTTP/1.1 STATUS REASON, or switches away")
    if number < 200 and any(name in fields for name in _FRAMING):
        raise MalformedMessage("an interim response names a body, which it can't have")
    return Response(number, headers, fields=fields)


def _dechunked(data: bytes) -> tuple[bytes, int] | None:
    """As `ResponseParser._body`, of a chunked body (RFC 9112 §7.1)."""
    start, chunks = 0, list[bytes]()  # copying the rest for each chunk would take squared time
    while (end := data.find(b"\r\n", start)) >= 0:
        line = data[start:end].decode("latin-1")
        digits = line.partition(";")[0].rstrip(" ")
        if not (0 < len(digits) < 16 and line.isprintable() and _HEX_DIGITS.issuperset(digits)):
            raise MalformedMessage("a chunk's size is not a number")
        size, start = int(digits, 16), end + 2
        if size == 0:  # trailers, if any, end with an empty line
            end = data.find(END_OF_HEAD, end)
            return (b"".join(chunks), end + len(END_OF_HEAD)) if end >= 0 else None
        if len(data) < start + size + 2:
            return None
        chunks.append(data[start : start + size])
        start += size + 2
        if data[start - 2 : start] != b"\r\n":
            raise MalformedMessage("a chunk is longer than its size")
    return None

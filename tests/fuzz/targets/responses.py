"""`ResponseParser`: what it takes for a response, a strict parser takes for the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h11

from extension.http.client.response_parser import ResponseParser
from extension.http.messages import MalformedMessage, Response
from tests.fuzz.target import Target, assert_untold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extension.http.messages import Headers

_OF_THE_BODY = ("illegal chunk", "malformed chunk", "peer closed")  # what h11 says of one
_ASKED = (h11.Request(method="POST", target="/", headers=[("Host", "a")]), h11.EndOfMessage())


def attempt(data: bytes) -> None:
    """Read a response whole, in pieces, and as h11 reads it.

    That takes no vertical tab or form feed in a value, which RFC 9110 §5.5 leaves open.
    """
    data = data.replace(b"\v", b"?").replace(b"\f", b"?")
    whole = _read(data, len(data) or 1)
    assert whole == _read(data, len(data) // 5 + 1), "it depends on how it is cut"
    if whole is not None and whole.status not in (204, 304):  # which end with their head
        assert _lowered(whole) == _lowered(_read_strictly(data)), "a strict parser differs"


def _lowered(response: Response) -> Response:
    """The response with its transfer coding in lower case, as h11 gives it."""
    headers = tuple(
        (name, value.lower() if name == "transfer-encoding" else value)
        for name, value in response.headers
    )
    return Response(response.status, headers, response.body)


def _read(data: bytes, step: int) -> Response | None:
    """What the reader makes of it, given so many bytes at a time and then the end."""
    reader = ResponseParser()
    try:
        for start in range(0, len(data), step):
            response = reader.feed(data[start : start + step])
            if response is not None:
                return response
        return reader.feed(b"")
    except MalformedMessage as error:
        assert_untold(str(error))
        return None


def _read_strictly(data: bytes) -> Response:
    parser = h11.Connection(h11.CLIENT)
    for asked in _ASKED:
        parser.send(asked)
    parser.receive_data(data)
    parser.receive_data(b"")
    head, body = None, b""
    while not isinstance(event := _next_event(parser, head), h11.EndOfMessage):
        if isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        else:
            assert isinstance(event, h11.InformationalResponse), event
    assert head is not None
    return Response(head.status_code, _decoded(head.headers), body)


def _next_event(parser: h11.Connection, head: h11.Response | None) -> Any:
    """The next event; trailers that are malformed are passed over, as they mean nothing here."""
    try:
        return parser.next_event()
    except h11.RemoteProtocolError as error:
        if head is None or str(error).startswith(_OF_THE_BODY):
            raise
        return h11.EndOfMessage()


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode(), value.decode("latin-1")) for name, value in headers)


TARGET = Target(
    "responses",
    attempt,
    [
        *("HTTP/1.1 200 OK\r\n", "HTTP/1.0", "100", "204", "304", "\r\n", "\r\n\r\n", ": "),
        *("Content-Length: ", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", ";a=b", "1\r\na\r\n"),
    ],
)

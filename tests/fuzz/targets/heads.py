"""`routes.route`: what it answers, a strict parser takes for the same request, and no other.

As that parser leaves nothing over of a head that is answered, it also finds the next request of a
connection where our reader finds it.
"""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import h11
import pytest

from extension.endpoint.requests import aws_api, routes
from extension.endpoint.responses import problem
from extension.endpoint.responses.problem import Refused
from extension.http import json_text
from extension.http.messages import END_OF_HEAD, LONGEST_HEAD, build_response, parse_request
from tests.fuzz.target import CANARY, Target, assert_untold

_TOKEN = b"the-token"
_NEEDS_NO_TOKEN = (routes.Ping, routes.ReadStatus)


def attempt(data: bytes) -> None:
    """Route a head with the right token accepted, and with none."""
    head = data.partition(END_OF_HEAD)[0]
    try:
        query = routes.route(head, lambda: (_TOKEN.decode(), CANARY))
    except Refused as refused:
        _check_refusal(refused, head)
        return
    assert len(head) <= LONGEST_HEAD
    _check_token(head, query)
    _check_meaning(head, query)


def _check_refusal(refused: Refused, head: bytes) -> None:
    """The answer to it can be built, and tells nothing of the headers but the Host."""
    plain = aws_api.is_asked(head)
    response = problem.response(refused.problem, plain=plain)
    assert 400 <= response.status < 500
    build_response(response)
    if plain:  # for clients of AWS's extension, which take JSON for a value
        with pytest.raises(json_text.MalformedJson):
            json_text.decode(response.body.decode())
    else:
        json_text.decode(response.body.decode())
    if CANARY.encode() not in head.partition(b"\r\n")[0] and refused.problem.kind != "host":
        assert_untold(response.body.decode())


def _check_token(head: bytes, query: routes.Query) -> None:
    """Nobody gets a secret without the token."""
    if isinstance(query, _NEEDS_NO_TOKEN):
        return
    assert _TOKEN in head or CANARY.encode() in head
    with pytest.raises(Refused) as refused:
        routes.route(head, tuple)
    assert refused.value.problem.status == 403


def _check_meaning(head: bytes, query: routes.Query) -> None:
    strict = _strictly(head)
    assert strict.method == b"GET"
    headers = tuple((name.decode(), value.decode("latin-1")) for name, value in strict.headers)
    assert headers == parse_request(_without_rare_space(head)).headers
    target = strict.target
    if not target.startswith(b"/"):  # in absolute form
        authority = target.partition(b"://")[2].partition(b"/")[0].partition(b"?")[0]
        target = target.partition(b"://")[2].removeprefix(authority)
    path, _, rest = target.partition(b"?")
    pairs = [item.partition(b"=")[::2] for item in rest.split(b"&")]
    given = {unquote_to_bytes(a).decode(): unquote_to_bytes(b).decode() for a, b in pairs[::-1]}
    match query:
        case routes.ReadSecret():
            assert unquote_to_bytes(path).decode() == f"/v1/secrets/{query.alias}"
        case aws_api.ReadSource(source=source):
            name = given.get("name") or given["secretId"]
            assert name in (source.name, getattr(source, "wire_name", "")) or ":" in name
        case _:
            assert path.rstrip(b"/") in (b"/v1/secrets", b"/v1/status", b"/ping")


def _without_rare_space(head: bytes) -> bytes:
    return head.replace(b"\v", b"?").replace(b"\f", b"?")


def _strictly(head: bytes) -> h11.Request:
    """The only request in it, without a body, as h11 reads it.

    h11 wants percent-encoding in the target; ours takes UTF-8 as it is, as clients send it. It
    takes no vertical tab or form feed in a value, which RFC 9110 §5.5 leaves open.
    """
    line, end, headers = _without_rare_space(head).partition(b"\r\n")
    encoded = b"".join(b"%%%02X" % byte if byte > 0x7E else bytes((byte,)) for byte in line)
    parser = h11.Connection(h11.SERVER)
    parser.receive_data(encoded + end + headers + END_OF_HEAD)
    request = parser.next_event()
    assert isinstance(request, h11.Request), request
    assert isinstance(parser.next_event(), h11.EndOfMessage), "it has a body"
    assert parser.trailing_data == (b"", False), "something follows it"
    return request


TARGET = Target(
    "heads",
    attempt,
    [
        *("GET ", "/v1/secrets/", "/v1/status", "/ping", " HTTP/1.1\r\n", "HTTP/1.0", "\r\n"),
        *("/systemsmanager/parameters/get?name=", "/secretsmanager/get?secretId=", "&version="),
        *("Host: 127.0.0.1:2773\r\n", "localhost", "[::1]", "X-Forwarded-For: ", "Forwarded:"),
        *("X-Aws-Parameters-Secrets-Token: the-token\r\n", "Content-Length: 0", "Via: ", "%2F"),
        *("Transfer-Encoding: ", "Connection: close", "?format=json", "&refresh=true", "%00"),
        *("If-None-Match: ", CANARY, "http://localhost/", "withDecryption=true", "%C3%A9"),
    ],
    longest=LONGEST_HEAD + 100,
)

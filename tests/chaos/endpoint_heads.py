"""Heads that are cut, folded, endless or have something smuggled in."""

import http.client
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.endpoint_world import KEY, disturbed
from tests.chaos.rude_client import RudeClient
from tests.chaos.world import VALUE
from tests.fakes.heads import TOKEN_HEADER
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient
from tests.patience import PATIENCE

_MEGABYTE = 1 << 20
_AT_ONCE = 8
_DEEP = 1_000  # requests sent ahead on one connection


def refused(daemon: Daemon, requests: Iterable[bytes], status: int) -> None:
    """Assert that each is refused at once, once, and with no secret.

    Whatever stands behind the refused request on the connection is answered by nothing.
    """
    for request in requests:
        with RawClient(daemon.port) as client:
            client.send(request + daemon.request(KEY))
            answer = client.answer()
            shown = request.replace(daemon.token.encode(), b"TOKEN")
            assert answer.status == status, f"{shown!r} is answered {answer.status}"
            assert json.loads(answer.body)["status"] == status
            assert VALUE.encode() not in answer.body
            assert client.is_closed(), f"{shown!r} is followed by another answer"


def _endless(start: bytes, line: bytes, status: int) -> Callable[[Path], str]:
    """Many clients that each send a megabyte of head."""

    def attempt(layer: Path) -> str:
        head = start + line * (_MEGABYTE // len(line))

        def ask(_: int) -> int:
            with RudeClient(daemon.port) as client:
                client.insist(head)
                found = client.answer().status
                assert client.is_closed()
                return found

        with disturbed(layer) as daemon, ThreadPoolExecutor(_AT_ONCE) as pool:
            assert set(pool.map(ask, range(2 * _AT_ONCE))) == {status}
        return f"{status} after 8 KiB; others unharmed"

    return attempt


def _with_a_body(layer: Path) -> str:
    lines = [
        ["Content-Length: 5"],
        ["Content-Length: 5", "Expect: 100-continue"],
        ["Content-Length: 1000000000000000000000"],
        ["Content-Length: -1"],
        ["Content-Length: 0x0"],
        ["Content-Length:"],
        ["Transfer-Encoding: chunked"],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: identity"],
        ["Transfer-Encoding:"],
    ]
    with disturbed(layer) as daemon:
        for body in (b"", b"hello", b"5\r\nhello\r\n0\r\n\r\n"):
            refused(daemon, (daemon.request(KEY, *each) + body for each in lines), 400)
    return "400 at once; others unharmed"


def _smuggled(layer: Path) -> str:
    lines = [
        ["Content-Length: 0", "Content-Length: 0"],
        ["Content-Length: 0", "Content-Length: 44"],
        ["Content-Length: 0, 44"],
        ["Content-Length: +0"],
        ["Content-Length: 0", "Transfer-Encoding: chunked"],
        ["Content-Length: 0", "Transfer-Encoding:"],
        ["Transfer-Encoding: x", "Content-Length: 0"],
        ["Transfer-Encoding : chunked"],
        ["Content-Length : 44"],
        ["X: a", " Transfer-Encoding: chunked"],
        ["X: a", "\tContent-Length: 44"],
        ["X: a\nTransfer-Encoding: chunked"],
        ["X: a\rTransfer-Encoding: chunked"],
        ["X: a\0"],
        ["X\0: a"],
        ["X\xa0: a"],
        [": a"],
        ["Transfer-Encoding"],
    ]
    with disturbed(layer) as daemon:
        refused(daemon, (daemon.request(KEY, *each) for each in lines), 400)
    return "400 at once, nothing behind it answered; others unharmed"


def _bare_line_ends(layer: Path) -> str:
    """Nothing in them ends a head as HTTP has it, and nobody waits for the rest."""
    with disturbed(layer) as daemon:
        for end in (b"\n", b"\r\n\n", b"\n\r\n"):
            for start in (b"GET /ping HTTP/1.1", daemon.request(KEY).rstrip()):
                with RawClient(daemon.port) as client:
                    head = start.replace(b"\r\n", b"\n") if end == b"\n" else start
                    assert client.ask(head + end * 2).status == 400
                    assert client.is_closed()
    return "400 at once; others unharmed"


def _pipelined(layer: Path) -> str:
    """Good ones are answered in their order, and the first bad one is the last."""
    good = f"GET {KEY} HTTP/1.1\r\nHost: localhost\r\n{TOKEN_HEADER}: "

    def ask(_: int) -> None:
        request = f"{good}{daemon.token}\r\n\r\n".encode()
        with RawClient(daemon.port) as client:
            client.send(request * 500 + daemon.request("/%zz") + request * 500)
            assert {client.answer().body for _ in range(500)} == {VALUE.encode()}
            assert client.answer().status == 404
            assert client.is_closed()

    with disturbed(layer) as daemon, ThreadPoolExecutor(_AT_ONCE) as pool:
        assert list(pool.map(ask, range(_AT_ONCE))) == [None] * _AT_ONCE
    return "answers in order, up to the first bad request; others unharmed"


def _deeply_pipelined(layer: Path) -> str:
    """As many requests as fit, each of which takes long to answer for its length."""
    request = b"GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    last = b"GET /ping HTTP/1.0\r\n\r\n"
    with disturbed(layer) as daemon:
        clients = [RudeClient(daemon.port) for _ in range(2 * _AT_ONCE)]
        for client in clients:
            client.send(request * (_DEEP - 1) + last)
        for client in clients:
            answers = client.rest().split(b"HTTP/1.1 200 OK\r\n")
            assert len(answers) == 1 + _DEEP
            assert all(answer.endswith(b"\r\n\r\nhealthy") for answer in answers[1:])
            client.close()
    return "every answer, in order; others unharmed"


def _cut_anywhere(layer: Path) -> str:
    """Every client leaves after another byte; the next is answered by `http.client`."""
    with disturbed(layer) as daemon:
        request = daemon.request(KEY)
        for length in range(len(request)):
            with RawClient(daemon.port) as client:
                client.send(request[:length])
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=PATIENCE)
        connection.request("GET", KEY, headers={TOKEN_HEADER: daemon.token})
        with connection.getresponse() as response:
            assert response.read() == VALUE.encode()
        connection.close()
    return "nothing, as they had left; others unharmed"


CASES = [
    Case("1 MB of request line", _endless(b"GET /", b"x", 414)),
    Case("1 MB of header lines", _endless(b"GET /ping HTTP/1.1\r\n", b"X: y\r\n", 431)),
    Case("1 MB in one header", _endless(b"GET /ping HTTP/1.1\r\nX: ", b"y", 431)),
    Case("bodies, announced or sent", _with_a_body),
    Case("headers smuggled in", _smuggled),
    Case("lines that end with LF", _bare_line_ends),
    Case("1,000 requests sent ahead, one of them bad", _pipelined),
    Case("16,000 requests sent ahead", _deeply_pipelined),
    Case("clients that leave within a head", _cut_anywhere),
]

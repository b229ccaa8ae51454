"""A connection is used again only where the next response can be that to the next request."""

import select
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from extension.http.address import Address
from extension.http.connection import Connection
from extension.http.http1 import Request
from extension.http.trust import Trust
from extension.http.upstream_error import UpstreamError
from tests.fakes.certificates import Authority
from tests.fakes.http_service import LOOPBACK
from tests.patience import PATIENCE

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright"
OTHER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nright\r\n0\r\n\r\n"
TRAILED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nright\r\n0\r\nA: b\r\n\r\n"

in_the_clear = pytest.mark.parametrize("line", ["in the clear"], indirect=True)
over_tls = pytest.mark.parametrize("line", ["over TLS"], indirect=True)


class Line:
    """A client, and the server that it talks to, whose answers the test gives.

    Args:
        listener: Where the server listens.
        client: The client.
    """

    def __init__(self, listener: socket.socket, client: Connection) -> None:
        self._listener = listener
        self._client = client

    @property
    def is_open(self) -> bool:
        """Whether the client takes the connection to be open."""
        return self._client.is_open

    @property
    def sends_at_once(self) -> bool:
        """Whether the client's system sends what is written, however little it is."""
        assert self._client._socket is not None
        return bool(self._client._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    def ask(self) -> None:
        """Send a request."""
        request = Request("GET", "/", (("Host", self._client.address.authority),))
        self._client.send(request, time.monotonic() + PATIENCE)

    def ask_anew(self) -> socket.socket:
        """Send a request, and return the server's end of the connection that it must open."""
        with ThreadPoolExecutor() as pool:
            accepted = pool.submit(self._listener.accept)
            self.ask()
            return accepted.result()[0]

    def wait_for_more(self) -> None:
        """Wait until something that was not read yet, or the end, has reached the client."""
        more = select.poll()
        more.register(self._client._socket, select.POLLIN)  # type: ignore[arg-type]
        assert more.poll(PATIENCE * 1000)

    def answer(self) -> bytes:
        """The body of the response that came."""
        return self._client.receive(time.monotonic() + PATIENCE).body


@pytest.fixture(params=["in the clear", "over TLS"])
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    """A client, and a server that it has not connected to."""
    secure = request.param == "over TLS"
    with socket.create_server((LOOPBACK, 0)) as listener:
        listener.settimeout(PATIENCE)
        address = Address(LOOPBACK, listener.getsockname()[1], secure)
        certificate = Authority(tmp_path).issue()
        trust = Trust([str(certificate.bundle)])
        with closing(Connection(address, trust)) as client:
            if not secure:
                yield Line(listener, client)
                return
            with certificate.server_context().wrap_socket(listener, server_side=True) as wrapped:
                yield Line(wrapped, client)


def test_a_connection_is_used_again_after_its_response(line: Line) -> None:
    """Whole, and nothing more."""
    with line.ask_anew() as server:
        for _ in range(3):
            server.sendall(ANSWER)
            assert line.answer() == b"right"
            line.ask()


@pytest.mark.parametrize(
    "response", [ANSWER, CHUNKED, TRAILED], ids=["length", "chunks", "trailer"]
)
@pytest.mark.parametrize("more", [OTHER, b"\0"], ids=["a response", "a byte"])
def test_a_connection_with_more_than_a_response_is_not_used_again(
    line: Line, response: bytes, more: bytes
) -> None:
    """A broken server or proxy said it, and it would be the answer to the next request."""
    with line.ask_anew() as server:
        server.sendall(response + more)
        assert line.answer() == b"right"
        with line.ask_anew() as another:
            another.sendall(ANSWER)
            assert line.answer() == b"right"


@pytest.mark.parametrize("more", [OTHER, b"\0"], ids=["a response", "a byte"])
def test_a_connection_on_which_more_comes_later_is_not_used_again(line: Line, more: bytes) -> None:
    """While nothing was asked."""
    with line.ask_anew() as server:
        server.sendall(ANSWER)
        assert line.answer() == b"right"
        server.sendall(more)
        line.wait_for_more()
        with line.ask_anew() as another:
            another.sendall(ANSWER)
            assert line.answer() == b"right"


def test_a_connection_that_was_closed_meanwhile_is_not_used_again(line: Line) -> None:
    """Nobody waits to find that out."""
    with line.ask_anew() as server:
        server.sendall(ANSWER)
        assert line.answer() == b"right"
    line.wait_for_more()
    with line.ask_anew() as another:
        another.sendall(ANSWER)
        assert line.answer() == b"right"


def test_a_connection_whose_response_was_not_read_is_not_used_again(line: Line) -> None:
    """It is the answer to another request."""
    with line.ask_anew() as server:
        server.sendall(OTHER)
        with line.ask_anew() as another:
            another.sendall(ANSWER)
            assert line.answer() == b"right"


@pytest.mark.parametrize("option", [b"close", b"Close", b"CLOSE"])
def test_a_connection_whose_close_was_announced_is_not_used_again(
    line: Line, option: bytes
) -> None:
    """In whatever case (RFC 9110 §7.6.1); the server need not have closed it yet."""
    with line.ask_anew() as server:
        server.sendall(ANSWER.replace(b"\r\n", b"\r\nConnection: %b\r\n" % option, 1))
        assert line.answer() == b"right"
        assert not line.is_open


def test_a_connection_that_is_kept_alive_stays_open(line: Line) -> None:
    """Which a server may say, too."""
    with line.ask_anew() as server:
        server.sendall(ANSWER.replace(b"\r\n", b"\r\nConnection: keep-alive\r\n", 1))
        assert line.answer() == b"right"
        assert line.is_open


@in_the_clear
def test_a_connection_that_ends_instead_of_an_answer_was_reset(line: Line) -> None:
    """Whoever asked may ask again, over another one."""
    with line.ask_anew() as server:
        server.recv(65536)
    with pytest.raises(UpstreamError) as failed:
        line.answer()
    assert failed.value.failed.kind == "unreachable"
    assert failed.value.failed.detail.endswith(": Connection reset by peer")
    assert not line.is_open


@in_the_clear
def test_a_connection_that_ends_within_an_answer_has_given_none(line: Line) -> None:
    """It is not tried again unnoticed: the server may have done what it was asked."""
    with line.ask_anew() as server:
        server.recv(65536)
        server.sendall(ANSWER[:-1])
    with pytest.raises(UpstreamError) as failed:
        line.answer()
    assert failed.value.failed.kind == "broken"
    assert failed.value.failed.detail.endswith("the response's body is cut short")
    assert not line.is_open


@over_tls
@pytest.mark.parametrize("part", [b"", ANSWER[:-1], b"HTTP/1.1 200 OK\r\n\r\nri"])
def test_a_session_that_ends_without_saying_so_has_given_no_answer(line: Line, part: bytes) -> None:
    """Whoever can cut the connection could else shorten an answer that ends with it."""
    with line.ask_anew() as server:
        server.recv(65536)
        server.sendall(part)
    with pytest.raises(UpstreamError) as failed:
        line.answer()
    assert failed.value.failed.kind == "unreachable"
    assert not line.is_open


def test_a_connection_sends_a_small_request_at_once(line: Line) -> None:
    """Rather than wait for more to send along with it."""
    with line.ask_anew():
        assert line.sends_at_once

"""A connection is used again only where the next response can be that to the next request."""

import posix
import select
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from extension.http.address import Address
from extension.http.client.connection import Connection
from extension.http.client.lookup import Lookup
from extension.http.client.trust_store import TrustStore
from extension.http.failure import UpstreamError
from extension.http.messages import Request
from tests.fakes.certificates import Authority
from tests.fakes.http_service import LOOPBACK
from tests.patience import PATIENCE

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright"
SHORT = 0.1  # seconds: for what never comes
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

    Attributes:
        marks: What the client has told to be over.
    """

    def __init__(self, listener: socket.socket, client: Connection) -> None:
        self._listener = listener
        self._client = client
        self.marks: list[str] = []

    @property
    def is_open(self) -> bool:
        """Whether the client takes the connection to be open."""
        return self._client.is_open

    @property
    def sends_at_once(self) -> bool:
        """Whether the client's system sends what is written, however little it is."""
        assert self._client._channel is not None
        return bool(self._client._channel.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    def ask(self) -> None:
        """Send a request."""
        request = Request("GET", "/", (("Host", self._client.address.authority),))
        self._client.send(request, time.monotonic() + PATIENCE, self.marks.append)

    def ask_anew(self) -> socket.socket:
        """Send a request, and return the server's end of the connection that it must open."""
        with ThreadPoolExecutor() as pool:
            accepted = pool.submit(self._listener.accept)
            self.ask()
            return accepted.result()[0]

    def adopt(self, descriptor: int) -> None:
        """Have the client take over a connection on which somebody else has asked."""
        self._client.resume_from(descriptor)

    def wait_for_more(self) -> None:
        """Wait until something that was not read yet, or the end, has reached the client."""
        more = select.poll()
        assert self._client._channel is not None
        more.register(self._client._channel.socket, select.POLLIN)
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
        trust = TrustStore([str(certificate.bundle)])
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


@in_the_clear
def test_a_connection_that_was_taken_over_gives_its_answer(line: Line) -> None:
    """To what somebody else has asked; then it is as good as any other."""
    ours, theirs = socket.socketpair()
    with theirs:
        line.adopt(ours.detach())
        theirs.sendall(ANSWER)
        assert line.answer() == b"right"
        assert line.is_open


@in_the_clear
def test_a_connection_that_was_taken_over_is_not_used_before_its_answer(line: Line) -> None:
    """Which would be taken for that to another request."""
    ours, theirs = socket.socketpair()
    with theirs:
        line.adopt(ours.detach())
        line.ask_anew().close()


def test_a_connection_tells_what_is_over(line: Line, request: pytest.FixtureRequest) -> None:
    """In its order; what stands already is not opened again."""
    secured = ["secured"] if "over TLS" in request.node.name else []
    with line.ask_anew() as server:
        assert line.marks == ["resolved", "connected", *secured, "sent"]
        server.sendall(ANSWER)
        line.answer()
        line.ask()
    assert line.marks[-2:] == ["sent", "sent"]


def test_a_name_that_is_not_resolved_in_time_is_told_apart_from_a_late_answer() -> None:
    """What helps against the one does not help against the other."""
    resolved = threading.Event()

    class Held(Lookup):
        def _run(self, _: Address) -> None:
            self._asking.release()
            resolved.wait(PATIENCE)
            posix.close(self._writing)

    with closing(Connection(Address("localhost", 1))) as client:
        client._connector._lookup = Held(client.address)
        with pytest.raises(UpstreamError) as failed:
            client.send(Request("GET", "/", ()), time.monotonic())
        resolved.set()
    assert failed.value.failed.kind == "timeout"
    assert failed.value.failed.detail == "localhost:1 was not resolved in time"


def test_an_address_that_lets_nobody_connect_in_time_is_late() -> None:
    """Its backlog is full, so that nothing answers."""
    with socket.create_server((LOOPBACK, 0), backlog=0) as full:
        address = Address(LOOPBACK, full.getsockname()[1])
        waiting = [socket.socket() for _ in range(2)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex((address.host, address.port))
        with closing(Connection(address)) as client, pytest.raises(UpstreamError) as failed:
            client.send(Request("GET", "/", ()), time.monotonic() + SHORT)
        for each in waiting:
            each.close()
    assert failed.value.failed.kind == "timeout"
    assert failed.value.failed.detail.endswith(" did not answer in time")

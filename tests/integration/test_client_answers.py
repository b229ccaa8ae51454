"""The thin client takes an answer whole and in time, or not at all."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Delivery
from warmkey import Client, EndpointUnavailable
from warmkey.endpoint import Connection


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    """An endpoint of its own for each test; nothing it serves is kept by the client."""
    with FakeEndpoint() as endpoint:
        endpoint.serve("KEY", "value", max_age=0)
        yield endpoint


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Iterator[Client]:
    """A client with that endpoint's environment."""
    client = Client(endpoint.environ)
    yield client
    client.close()


@pytest.mark.parametrize("left", [0.0, 0.05])
def test_a_time_limit_is_for_the_whole_read(endpoint: FakeEndpoint, left: float) -> None:
    """Not for each piece of it: an answer that trickles does not extend it."""
    connection = Connection(endpoint.port, timeout=20)
    start = time.monotonic()

    with contextlib.closing(connection), pytest.raises(TimeoutError):
        connection.receive(deadline=start + left)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("delivery", "reason"),
    [
        (Delivery.CHUNKED, "something else listens there"),
        (Delivery.TOO_LONG, "the answer is longer than it says"),
    ],
)
def test_what_a_broken_answer_leaves_behind_reaches_no_other_read(
    endpoint: FakeEndpoint, client: Client, delivery: Delivery, reason: str
) -> None:
    """A connection whose framing is in doubt is not used again."""
    endpoint.break_next(delivery)
    with pytest.raises(EndpointUnavailable, match=reason):
        client.get("KEY")

    assert client.get("KEY") == "value"
    assert endpoint.connections == 2


@contextlib.contextmanager
def one_answer(*pieces: bytes) -> Iterator[dict[str, str]]:
    """A server that sends these bytes, piece by piece, to its first client; its environment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.recv(65536)
                for piece in pieces:
                    connection.sendall(piece)

        thread = threading.Thread(target=serve)
        thread.start()
        yield {"WARMKEY_PORT": str(listener.getsockname()[1])}
        thread.join()


def test_an_answer_may_come_byte_by_byte() -> None:
    """TCP keeps no borders; header names have no case."""
    answer = b"HTTP/1.1 200 OK\r\ncontent-TYPE: text/plain\r\nCONTENT-length:5\r\n\r\nvalue"
    with one_answer(*(bytes([byte]) for byte in answer)) as environ:
        client = Client(environ)
        assert client.get("KEY") == "value"
        client.close()


def test_a_304_has_no_body_whatever_length_it_gives() -> None:
    """It may give the length of the value it stands for (RFC 9110, section 8.6)."""
    with one_answer(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n") as environ:
        connection = Connection(int(environ["WARMKEY_PORT"]), timeout=10)
        connection.sendall(b"GET")
        response = connection.receive(deadline=time.monotonic() + 10)
        connection.close()

    assert (response.status, response.body) == (304, b"")


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.7\r\n\r\n",
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n1",
        b"HTTP/1.1 OK\r\nContent-Length: 1\r\n\r\n1",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"",
    ],
    ids=["ssh", "HTTP/1.0", "no status", "negative length", "absurd length", "nothing"],
)
def test_another_server_on_the_port_is_not_taken_for_the_extension(answer: bytes) -> None:
    """What it sends is no value."""
    with one_answer(answer) as environ, pytest.raises(EndpointUnavailable):
        Client(environ).get("KEY")

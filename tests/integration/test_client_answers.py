"""The thin client takes an answer whole, or not at all."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Delivery
from warmkey import Client, EndpointUnavailable


@pytest.fixture
def endpoint(endpoint: FakeEndpoint) -> FakeEndpoint:
    """The endpoint, with a value that no client keeps."""
    endpoint.serve("KEY", "value", max_age=0)
    return endpoint


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Client:
    """A client with that endpoint's environment."""
    return Client(endpoint.environ)


@pytest.mark.parametrize("delivery", [Delivery.CHUNKED, Delivery.TOO_LONG, Delivery.TRUNCATED])
def test_an_answer_whose_length_is_in_doubt_is_none(
    endpoint: FakeEndpoint, client: Client, delivery: Delivery
) -> None:
    """A part of a key, or more than a key, would be worse."""
    endpoint.break_next(delivery)

    with pytest.raises(EndpointUnavailable, match="something else is listening there, or"):
        client.get("KEY")
    assert client.get("KEY") == "value"


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
    """TCP keeps no message boundaries, and header names are case-insensitive."""
    answer = b"HTTP/1.1 200 OK\r\ncontent-TYPE: text/plain\r\nCONTENT-length:5\r\n\r\nvalue"
    with one_answer(*(bytes([byte]) for byte in answer)) as environ:
        assert Client(environ).get("KEY") == "value"


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

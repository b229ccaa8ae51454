"""The fakes' HTTP server delivers, and breaks connections in every way that a network does."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.fakes.http_service import LOOPBACK, Delivery, HttpService, Request, Response
from tests.patience import PATIENCE

BODY = json.dumps({"value": "0123456789"}).encode()
SOON = 0.1  # seconds: for what never comes


@contextmanager
def serving(delivery: Delivery) -> Iterator[http.client.HTTPConnection]:
    """A connection to a service that answers everything in one way."""

    def respond(request: Request) -> Response:
        assert request.body == b"hello"
        return Response(200, BODY, delivery=delivery)

    with (
        HttpService(respond) as service,
        closing(http.client.HTTPConnection(LOOPBACK, service.port, timeout=PATIENCE)) as connection,
    ):
        connection.request("POST", "/", b"hello")
        yield connection


@pytest.mark.parametrize("delivery", [Delivery.WHOLE, Delivery.CHUNKED])
def test_a_connection_serves_again(delivery: Delivery) -> None:
    """With a Content-Length or in chunks, the body is whole and the connection stays."""
    with serving(delivery) as connection:
        with connection.getresponse() as response:
            assert (response.chunked, response.read()) == (delivery is Delivery.CHUNKED, BODY)
        connection.request("POST", "/", b"hello")
        with connection.getresponse() as response:
            assert response.read() == BODY


@pytest.mark.parametrize(
    ("delivery", "announced"), [(Delivery.ANNOUNCED_CLOSE, "close"), (Delivery.CLOSE_AFTER, None)]
)
def test_a_connection_may_close_after_the_answer(delivery: Delivery, announced: str | None) -> None:
    """With a word of warning or without."""
    with (
        serving(delivery) as connection,
        connection.sock.dup() as raw,
        connection.getresponse() as response,
    ):
        assert response.getheader("Connection") == announced
        assert response.read() == BODY
        assert raw.recv(1) == b""


def test_a_body_may_be_cut_short() -> None:
    """The connection ends before the Content-Length does."""
    with (
        serving(Delivery.TRUNCATED) as connection,
        connection.getresponse() as response,
        pytest.raises(http.client.IncompleteRead),
    ):
        response.read()


def test_a_body_may_be_longer_than_announced() -> None:
    """What was announced is half of it, and the rest spoils the connection."""
    with serving(Delivery.TOO_LONG) as connection, connection.sock.makefile("rb") as stream:
        assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
        headers = http.client.parse_headers(stream)
        assert int(headers["Content-Length"]) == len(BODY) // 2
        assert stream.read(len(BODY)) == BODY


def test_an_answer_may_come_twice() -> None:
    """The second is the same as the first."""
    with serving(Delivery.TWICE) as connection, connection.sock.makefile("rb") as stream:
        for _ in range(2):
            assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
            http.client.parse_headers(stream)
            assert stream.read(len(BODY)) == BODY


def test_an_answer_may_never_come() -> None:
    """The connection stays open, and silent."""
    with serving(Delivery.HANG) as connection:
        connection.sock.settimeout(SOON)
        with pytest.raises(TimeoutError):
            connection.getresponse()


def test_a_body_may_never_end() -> None:
    """The head and half of the body come, then nothing."""
    with serving(Delivery.HANG_IN_BODY) as connection:
        raw = connection.sock
        with connection.getresponse() as response:
            raw.settimeout(SOON)
            assert response.status == 200
            with pytest.raises(TimeoutError):
                response.read()


def test_a_connection_may_be_reset() -> None:
    """RST instead of an answer."""
    with serving(Delivery.RESET) as connection, pytest.raises(ConnectionResetError):
        connection.getresponse()


def test_a_connection_may_be_reset_in_the_body() -> None:
    """RST after half of the body, which may take the head with it."""
    with serving(Delivery.RESET_IN_BODY) as connection, pytest.raises(ConnectionResetError):
        connection.getresponse().read()


def test_malformed_request_ends_the_connection() -> None:
    """And harms nobody else."""
    with HttpService(lambda _: Response(200, BODY)) as service:
        with socket.create_connection((LOOPBACK, service.port), PATIENCE) as raw:
            raw.sendall(b"hello\r\n\r\n")
            assert raw.recv(1) == b""
        with closing(http.client.HTTPConnection(LOOPBACK, service.port, PATIENCE)) as connection:
            connection.request("GET", "/")
            with connection.getresponse() as response:
                assert response.read() == BODY


def test_leaving_ends_every_connection_and_thread() -> None:
    """Also those that hang, and those that never said a word."""
    asked = threading.Event()

    def hang(_: Request) -> Response:
        asked.set()
        return Response(200, BODY, delivery=Delivery.HANG)

    before = set(threading.enumerate())
    hanging = HttpService(hang)
    address = (LOOPBACK, hanging.port)
    with (
        socket.create_connection(address, PATIENCE) as silent,
        closing(http.client.HTTPConnection(*address, timeout=PATIENCE)) as waiting,
    ):
        waiting.request("GET", "/")
        with hanging:
            assert asked.wait(PATIENCE)
        assert silent.recv(1) == b""
        with pytest.raises(http.client.RemoteDisconnected):
            waiting.getresponse()
    assert set(threading.enumerate()) <= before

"""A thin client takes an answer whole, or not at all."""

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Delivery
from tests.integration.clients.raw_server import raw_server
from tests.integration.clients.thin_client import Connect, ReadFailed, ThinClient


@pytest.mark.parametrize("delivery", [Delivery.CHUNKED, Delivery.TOO_LONG, Delivery.TRUNCATED])
def test_an_answer_whose_length_is_in_doubt_is_none(
    endpoint: FakeEndpoint, client: ThinClient, delivery: Delivery
) -> None:
    """A part of a key, or more than a key, would be worse; and the next read is not spoiled."""
    endpoint.serve("KEY", "value", max_age=0)
    endpoint.break_next(delivery)

    with pytest.raises(ReadFailed, match="EndpointUnavailable"):
        client.get("KEY")
    assert client.get("KEY") == "value"


@pytest.mark.parametrize(
    "delivery", [Delivery.RESET, Delivery.TRUNCATED, Delivery.RESET_IN_BODY], ids=lambda d: d.name
)
def test_a_new_connection_that_breaks_is_not_tried_again(
    endpoint: FakeEndpoint, client: ThinClient, delivery: Delivery
) -> None:
    """The extension died, and the error says so."""
    endpoint.serve("KEY", "value", max_age=0)
    endpoint.break_next(delivery)

    with pytest.raises(ReadFailed, match="its extension running"):
        client.get("KEY")
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("delivery", [Delivery.CLOSE_AFTER, Delivery.ANNOUNCED_CLOSE])
def test_an_endpoint_may_close_as_it_likes(
    endpoint: FakeEndpoint, client: ThinClient, delivery: Delivery
) -> None:
    """Announced or not."""
    endpoint.serve("KEY", "value", max_age=0)
    endpoint.break_next(delivery, delivery)

    assert [client.get("KEY") for _ in range(3)] == ["value"] * 3


def test_a_connection_that_was_dropped_is_replaced(
    endpoint: FakeEndpoint, client: ThinClient
) -> None:
    """As after a freeze that outlives every connection: the caller does not notice."""
    endpoint.serve("KEY", "value", max_age=0)
    client.get("KEY")
    endpoint.drop_connections()

    assert client.get("KEY") == "value"
    assert endpoint.connections == 2


def test_an_answer_may_come_byte_by_byte(connect: Connect) -> None:
    """TCP keeps no message boundaries, and header names are case-insensitive."""
    answer = b"HTTP/1.1 200 OK\r\ncontent-TYPE: text/plain\r\nCONTENT-length:5\r\n\r\nvalue"
    pieces = (bytes([byte]) for byte in answer)
    with raw_server(pieces) as environ, connect(environ) as client:
        assert client.get("KEY") == "value"


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
def test_another_server_on_the_port_is_not_taken_for_the_extension(
    connect: Connect, answer: bytes
) -> None:
    """What it sends is no value."""
    with (
        raw_server([answer]) as environ,
        connect(environ) as client,
        pytest.raises(ReadFailed, match="EndpointUnavailable"),
    ):
        client.get("KEY")

"""The daemon's client side of HTTP/1.1 against servers that others wrote."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extension.http.address import Address
from extension.http.client.channel import complete
from extension.http.client.connection import Connection
from extension.http.client.trust_store import TrustStore
from extension.http.failure import UpstreamError
from extension.http.messages import Request, Response
from tests.fakes.certificates import Authority
from tests.fakes.http_service import LOOPBACK
from tests.integration.http_servers import OldHandler, aiohttp_server, standard_server
from tests.patience import PATIENCE
from tests.rapid.ports import ReservedPort

SHORT = 0.1  # seconds: for what never comes
LARGE = bytes(range(256)) * 4096  # a mebibyte


@pytest.fixture(scope="module")
def standard() -> Iterator[Address]:
    """`http.server`, which gives a length."""
    with standard_server() as address:
        yield address


@pytest.fixture(scope="module")
def chunking() -> Iterator[Address]:
    """aiohttp, which answers in chunks."""
    with aiohttp_server() as address:
        yield address


@pytest.fixture(params=["standard", "chunking"])
def server(request: pytest.FixtureRequest) -> Address:
    """Each of them in turn."""
    address: Address = request.getfixturevalue(request.param)
    return address


def ask(
    connection: Connection, body: bytes = b"", target: str = "/", method: str = "POST"
) -> Response:
    """Send a request, and wait for its answer."""
    host = (("Host", connection.address.authority),)
    connection.send(Request(method, target, host, body), time.monotonic() + PATIENCE)
    return connection.receive(time.monotonic() + PATIENCE)


@pytest.mark.parametrize("body", [b"", b"canary", b"\r\n\r\n0\r\n\r\n", LARGE], ids=len)
def test_a_body_comes_back_as_it_was_sent(server: Address, body: bytes) -> None:
    """With a length and in chunks, empty and large."""
    with closing(Connection(server)) as connection:
        response = ask(connection, body)
    assert (response.status, response.body) == (200, body)


def test_requests_follow_each_other_on_one_connection(server: Address) -> None:
    """Each answer is read to its end, and no further."""
    with closing(Connection(server)) as connection:
        answers = [ask(connection, f"canary {number}".encode()) for number in range(10)]
    assert [answer.body for answer in answers] == [b"canary %d" % number for number in range(10)]
    assert len({answer.fields.get("x-client") for answer in answers}) == 1


def test_an_announced_close_is_heeded(standard: Address) -> None:
    """The next request opens another connection."""
    with closing(Connection(standard)) as connection:
        first = ask(connection, b"a", "/close")
        assert not connection.is_open
        second = ask(connection, b"b")
    assert (first.body, second.body) == (b"a", b"b")
    assert first.fields.get("x-client") != second.fields.get("x-client")


def test_an_answer_without_a_length_ends_with_its_connection(standard: Address) -> None:
    """As HTTP/1.0 servers have it."""
    with closing(Connection(standard)) as connection:
        assert ask(connection, LARGE, "/until-closed").body == LARGE


@pytest.mark.parametrize("target", ["/", "/until-closed"])
def test_a_server_of_http_1_0_is_understood(target: str) -> None:
    """With a length or without; it closes after each answer."""
    with standard_server(OldHandler) as address, closing(Connection(address)) as connection:
        assert ask(connection, b"canary", target).body == b"canary"


@pytest.mark.parametrize(("target", "status"), [("/nothing", 204), ("/gone", 404)])
def test_an_answer_may_have_no_body(standard: Address, target: str, status: int) -> None:
    """And the connection stays usable."""
    with closing(Connection(standard)) as connection:
        answer = ask(connection, target=target, method="GET")
        assert (answer.status, answer.body) == (status, b"")
        assert ask(connection, b"canary").body == b"canary"


def test_several_requests_are_sent_side_by_side(server: Address) -> None:
    """By one thread, each over a connection of its own, before any answer is read."""
    connections = [Connection(server) for _ in range(5)]
    request = Request("POST", "/", (("Host", server.authority),), LARGE)
    steps = [connection.sending(request) for connection in connections]
    assert complete(steps, time.monotonic() + PATIENCE) == [None] * 5
    for connection in reversed(connections):
        assert connection.receive(time.monotonic() + PATIENCE).body == LARGE
        connection.close()


def test_an_answer_that_never_comes_is_given_up(chunking: Address) -> None:
    """At the deadline; the connection is closed, as its answer may still come."""
    with closing(Connection(chunking)) as connection:
        request = Request("GET", "/never", (("Host", chunking.authority),))
        connection.send(request, time.monotonic() + PATIENCE)
        with pytest.raises(UpstreamError, match="did not answer in time"):
            connection.receive(time.monotonic() + SHORT)
        assert not connection.is_open
        assert ask(connection, b"canary").body == b"canary"


def test_an_address_where_nobody_listens_is_said_so() -> None:
    """With the system's word for it."""
    with ReservedPort() as closed, closing(Connection(Address(LOOPBACK, closed.number))) as nobody:
        with pytest.raises(
            UpstreamError, match=rf"^127.0.0.1:{closed.number}: Connection refused$"
        ):
            ask(nobody)
        assert not nobody.is_open


def test_a_name_leads_to_the_address_that_answers(standard: Address) -> None:
    """`localhost` has an IPv6 address too on most machines, where nobody listens here."""
    with closing(Connection(Address("localhost", standard.port))) as connection:
        assert ask(connection, b"canary").body == b"canary"


def test_the_same_holds_over_tls(tmp_path: Path) -> None:
    """Large bodies both ways, and one connection for all."""
    certificate = Authority(tmp_path).issue()
    trust = TrustStore([str(certificate.bundle)])
    with (
        standard_server(tls=certificate.server_context()) as address,
        closing(Connection(address, trust)) as connection,
    ):
        answers = [ask(connection, body) for body in (b"canary", LARGE, b"")]
    assert [answer.body for answer in answers] == [b"canary", LARGE, b""]
    assert len({answer.fields.get("x-client") for answer in answers}) == 1

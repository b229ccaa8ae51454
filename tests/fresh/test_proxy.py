"""The proxy of `make fresh` passes requests on, and counts them."""

import http.client
import socket
from collections.abc import Iterator

import pytest

from tests.fakes.http_service import LOOPBACK, HttpService, Request, Response
from tests.fresh.proxy import Proxy

BODY = b"a package " * 20_000


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """A proxy on a free port."""
    with socket.create_server((LOOPBACK, 0)) as listener, Proxy(listener) as running:
        yield running


@pytest.fixture
def mirror() -> Iterator[HttpService]:
    """A server that has one package."""

    def respond(request: Request) -> Response:
        found = request.target == "/debian/package?new"
        return Response(200, BODY) if found else Response(404, b"no such package")

    with HttpService(respond) as running:
        yield running


def got(proxy: Proxy, address: str) -> tuple[int, bytes]:
    """Status and body of what is at an address, as apt asks for it: by the whole of it."""
    line = http.client.HTTPConnection(LOOPBACK, proxy.port)
    line.request("GET", address)
    answer = line.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        line.close()


def test_a_file_comes_through_the_proxy(proxy: Proxy, mirror: HttpService) -> None:
    """Whole."""
    assert got(proxy, f"{mirror.url}/debian/package?new") == (200, BODY)
    assert proxy.hosts == {LOOPBACK: 1}


def test_a_missing_file_is_still_missing(proxy: Proxy, mirror: HttpService) -> None:
    """The mirror's answer is passed on as it is."""
    assert got(proxy, f"{mirror.url}/other") == (404, b"no such package")


def test_a_tunnel_leads_to_the_host(proxy: Proxy, mirror: HttpService) -> None:
    """As everyone asks who speaks TLS."""
    line = http.client.HTTPConnection(LOOPBACK, proxy.port)
    line.set_tunnel(LOOPBACK, mirror.port)
    line.request("GET", "/debian/package?new")
    assert line.getresponse().read() == BODY
    line.close()
    assert proxy.hosts == {LOOPBACK: 1}


def test_a_host_that_is_not_there_is_said_to_be_not_there(proxy: Proxy) -> None:
    """With 502, in both ways."""
    with socket.create_server((LOOPBACK, 0)) as taken:
        nobody = taken.getsockname()[1]
    assert got(proxy, f"http://{LOOPBACK}:{nobody}/")[0] == http.HTTPStatus.BAD_GATEWAY
    line = http.client.HTTPConnection(LOOPBACK, proxy.port)
    line.set_tunnel(LOOPBACK, nobody)
    with pytest.raises(OSError, match="502"):
        line.request("GET", "/")
    line.close()

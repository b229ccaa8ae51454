"""Probes of a sidecar from outside of its container: `/ping`, and nothing else."""

import http.client
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import THROTTLE
from tests.fakes.http_service import LOOPBACK, Delivery
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.conftest import Serve
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient
from tests.integration.sidecar import Sidecar
from tests.patience import PATIENCE
from tests.rapid.ports import ReservedPort


def probe(port: int, host: str = LOOPBACK) -> tuple[int, str]:
    """Status and text of the answer to a probe, sent as the kubelet sends it."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    headers = {"Host": "10.0.0.7:8080", "User-Agent": "kube-probe"}
    connection.request("GET", "/ping", headers=headers)
    response = connection.getresponse()
    assert response.headers["Connection"] == "close"
    return response.status, response.read().decode()


@pytest.fixture
def reserved() -> Iterator[ReservedPort]:
    """Where probes are answered."""
    with ReservedPort() as port:
        yield port


def served(serve: Serve, port: ReservedPort, **variables: str) -> Sidecar:
    """A sidecar that answers probes there."""
    return serve(P="warmkey:/p", WARMKEY_HEALTH_ADDRESS=port.address, **variables)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_sidecar_that_is_ready_answers_probes(aws: FakeAws, serve: Serve, host: str) -> None:
    """Over IPv4 and IPv6, whatever the Host is, and as often as it is asked."""
    aws.parameters.put("/p", "canary-p")
    with ReservedPort(host) as port:
        sidecar = served(serve, port).wait_until_ready()
        for _ in range(40):
            assert probe(port.number, host) == (200, "healthy")
        assert sidecar.read("P") == "canary-p"


def test_a_sidecar_is_not_ready_before_its_prefetch_is_over(
    aws: FakeAws, serve: Serve, reserved: ReservedPort
) -> None:
    """Though it lives, so that nobody sends it clients."""
    aws.parameters.put("/p", "canary-p")
    aws.faults.always("/p", THROTTLE)
    sidecar = served(serve, reserved, WARMKEY_PREFETCH_TIMEOUT_MILLIS="60000")
    aws.wait_for_calls(1)
    assert probe(reserved.number) == (503, "not ready")
    aws.faults.clear()
    sidecar.wait_until_ready()
    assert probe(reserved.number) == (200, "healthy")


def test_a_sidecar_that_drains_is_not_ready(
    aws: FakeAws, serve: Serve, reserved: ReservedPort
) -> None:
    """So that nobody sends it more clients while those that are there are answered."""
    aws.parameters.put("/p", "canary-p")
    aws.faults.always("/slow", Delivery.HANG)
    sidecar = served(serve, reserved, WARMKEY_LOG_LEVEL="debug")
    sidecar.wait_until_ready()
    with RawClient(sidecar.port) as client:
        client.send(sidecar.request("/systemsmanager/parameters/get?name=/slow"))
        aws.wait_for_calls(2)
        sidecar.process.terminate()
        sidecar.wait_for_line("shutting down")
        assert probe(reserved.number) == (503, "not ready")


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/v1/secrets/P", 404),
        ("GET", "/v1/secrets", 404),
        ("GET", "/v1/status", 404),
        ("GET", "/systemsmanager/parameters/get?name=/p", 404),
        ("GET", "/", 404),
        ("GET", "/ping/", 404),
        ("POST", "/ping", 405),
        ("HEAD", "/ping", 405),
        ("GET", "/ping?x=1", 200),
    ],
)
def test_the_health_address_serves_nothing_else(
    aws: FakeAws, serve: Serve, reserved: ReservedPort, method: str, target: str, status: int
) -> None:
    """With the right token, too."""
    aws.parameters.put("/p", "canary-p")
    sidecar = served(serve, reserved)
    sidecar.wait_until_ready()
    with socket.create_connection((LOOPBACK, reserved.number), timeout=PATIENCE) as connection:
        request = sidecar.request(target).replace(b"GET ", method.encode() + b" ", 1)
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"canary" not in answer


def test_what_is_no_request_is_refused(aws: FakeAws, serve: Serve, reserved: ReservedPort) -> None:
    """By the same rules as at the endpoint."""
    aws.parameters.put("/p", "canary-p")
    sidecar = served(serve, reserved)
    sidecar.wait_until_ready()
    for sent in (b"nonsense\r\n\r\n", b"GET /" + b"x" * 20000, b"\0" * 20000):
        with socket.create_connection((LOOPBACK, reserved.number), timeout=PATIENCE) as connection:
            connection.sendall(sent)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert re.match(rb"HTTP/1\.1 4\d\d ", answer)


def test_idle_probers_do_not_keep_others_out(
    aws: FakeAws, serve: Serve, reserved: ReservedPort
) -> None:
    """They make room, and clients of the endpoint do not notice."""
    aws.parameters.put("/p", "canary-p")
    sidecar = served(serve, reserved)
    sidecar.wait_until_ready()
    idle = [socket.create_connection((LOOPBACK, reserved.number)) for _ in range(100)]
    try:
        assert probe(reserved.number) == (200, "healthy")
        assert sidecar.read("P") == "canary-p"
    finally:
        for each in idle:
            each.close()


def test_a_health_address_that_is_taken_is_said_so(aws: FakeAws, serve: Serve) -> None:
    """And the sidecar ends."""
    aws.parameters.put("/p", "canary-p")
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        sidecar = serve(P="warmkey:/p", WARMKEY_HEALTH_ADDRESS=f"127.0.0.1:{port}")
        sidecar.wait_for_line(
            f"WARMKEY_HEALTH_ADDRESS is 127.0.0.1 with port {port}, where probes can't be listened "
            "for: Address already in use"
        )
        assert sidecar.wait_for_end() == 1


@pytest.mark.parametrize(
    "address", ["8080", "localhost:8080", ":8080", "127.0.0.1", "::1:80", "1:70000"]
)
def test_a_health_address_of_another_form_is_refused(serve: Serve, address: str) -> None:
    """A name would have to be looked up."""
    sidecar = serve(WARMKEY_HEALTH_ADDRESS=address)
    sidecar.wait_for_line(
        f"WARMKEY_HEALTH_ADDRESS is '{address}'; it must be an IP address and a port"
    )
    assert sidecar.wait_for_end() == 1


def test_a_health_address_is_refused_in_lambda(aws: FakeAws, layer: Path) -> None:
    """Nobody can probe there, so it is a mistake."""
    given = {**aws.environment(), "WARMKEY_HEALTH_ADDRESS": "127.0.0.1:8080"}
    with FakeRuntimeApi() as api, Daemon(layer, api, given) as daemon:
        assert daemon.wait_for_end() == 1
        assert "WARMKEY_HEALTH_ADDRESS is set, but this is Lambda" in daemon.output

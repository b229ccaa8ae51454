"""The daemon beside a service that takes a connection and then says nothing, not even in TLS."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Start


@pytest.fixture
def silent() -> Iterator[str]:
    """Where such a service is."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield f"https://{LOOPBACK}:{listener.getsockname()[1]}"


def test_the_endpoint_answers_meanwhile(silent: str, api: FakeRuntimeApi, start: Start) -> None:
    """Long before an attempt is over: a worker waits, and not the loop."""
    daemon = start(A="warmkey:/a", AWS_ENDPOINT_URL=silent)
    api.wait_for(Call.REGISTER)  # the port is bound before
    assert daemon.get("/ping").text == "healthy"
    assert daemon.status()["state"] == "starting"


def test_prefetch_holds_init_no_longer_than_its_limit(
    silent: str, api: FakeRuntimeApi, start: Start
) -> None:
    """Though the attempt goes on."""
    start(A="warmkey:/a", AWS_ENDPOINT_URL=silent, WARMKEY_PREFETCH_TIMEOUT_MILLIS="300")
    assert api.wait_for(Call.EVENT_NEXT)


def test_requests_to_a_slow_service_are_finished(
    api: FakeRuntimeApi, start: Start, tmp_path: Path
) -> None:
    """The worker goes on with the connection that the start has opened."""
    with (
        FakeAws(Authority(tmp_path).issue()) as aws,
        socket.create_server((LOOPBACK, 0)) as listener,
    ):
        aws.parameters.put("/a", "canary")
        url = f"https://{LOOPBACK}:{listener.getsockname()[1]}"
        daemon = start(**aws.environment() | {"AWS_ENDPOINT_URL": url}, A="warmkey:/a")
        api.wait_for(Call.REGISTER)  # the port is bound before
        assert daemon.get("/ping").text == "healthy"  # so the start has left it to a worker
        with relayed(listener, aws.port):
            assert daemon.wait_until_ready().read("A") == "canary"
        assert (aws.connections, len(aws.calls)) == (1, 1)


@contextmanager
def relayed(listener: socket.socket, port: int) -> Iterator[None]:
    """Have one connection to a listener, and no other, reach a port."""
    near, _ = listener.accept()
    far = socket.create_connection((LOOPBACK, port))

    def pipe(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)

    pipes = [threading.Thread(target=pipe, args=ends) for ends in ((near, far), (far, near))]
    for each in pipes:
        each.start()
    try:
        yield
    finally:
        for end in (near, far):
            with suppress(OSError):  # where the other side has left already
                end.shutdown(socket.SHUT_RDWR)
        for each in pipes:
            each.join()
        near.close()
        far.close()

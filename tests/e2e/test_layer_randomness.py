"""Two processes of one version have nothing of what they make up in common."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.client_hello import ClientHello, parse
from tests.fakes.aws import FakeAws
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.patience import PATIENCE

STARTS, CONNECTIONS = 5, 2


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Where clients are heard, and answered by an end."""
    with socket.create_server((LOOPBACK, 0)) as server:
        server.settimeout(PATIENCE)
        yield server


def heard(listener: socket.socket) -> ClientHello:
    """The next client's hello."""
    connection, _ = listener.accept()
    with closing(connection):
        connection.settimeout(PATIENCE)
        received = b""
        while True:
            received += connection.recv(65536)
            try:
                return parse(received)
            except EOFError:
                continue


def hellos(layer: Path, listener: socket.socket) -> list[ClientHello]:
    """What one process says at the beginning of its connections."""
    with FakeAws() as aws, FakeRuntimeApi() as api:
        address = f"https://{LOOPBACK}:{listener.getsockname()[1]}"
        own = {**aws.environment(), "AWS_ENDPOINT_URL": address, "KEY": "warmkey:/key"}
        with Daemon(layer, api, own):
            return [heard(listener) for _ in range(CONNECTIONS)]


def test_no_two_connections_have_anything_random_in_common(
    layer: Path, listener: socket.socket
) -> None:
    """Random numbers, session ids, and public keys of every group that is offered."""
    said = [hello for _ in range(STARTS) for hello in hellos(layer, listener)]
    made_up = [part for each in said for part in (each.random, *each.key_shares.values())]
    made_up += [each.session_id for each in said if each.session_id]
    assert all(each.key_shares for each in said)
    assert len(said) == STARTS * CONNECTIONS
    assert len(set(made_up)) == len(made_up)

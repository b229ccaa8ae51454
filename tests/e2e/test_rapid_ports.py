"""Ports that stay ours until another process listens on them."""

import socket

import pytest

from tests.patience import PATIENCE
from tests.rapid.ports import ReservedPort


def test_a_server_that_asks_for_the_port_gets_it() -> None:
    """With `SO_REUSEADDR`, as servers set it, it may listen while the port is reserved."""
    with (
        ReservedPort() as port,
        socket.create_server(("127.0.0.1", port.number)) as server,
        socket.create_connection(("127.0.0.1", port.number), timeout=PATIENCE) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_a_socket_that_shares_no_port_does_not_get_it() -> None:
    """The system counts the port as taken, as it does when it picks one itself."""
    with (
        ReservedPort() as port,
        socket.socket() as other,
        pytest.raises(OSError, match="Address already in use"),
    ):
        other.bind(("127.0.0.1", port.number))


def test_a_reserved_port_is_answered_on_by_nobody() -> None:
    """A client is refused, rather than left to wait."""
    with ReservedPort() as port, pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port.number), timeout=PATIENCE)

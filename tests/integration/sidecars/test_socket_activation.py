"""A listening socket that is handed over, by systemd's protocol: LISTEN_PID and LISTEN_FDS."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.http_service import LOOPBACK
from tests.integration.conftest import Serve
from tests.integration.sidecar import Sidecar, from_sources
from tests.patience import PATIENCE

# What systemd does: the socket becomes descriptor 3, and the variables say for whom it is.
ACTIVATE = """\
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.execve(sys.argv[2], sys.argv[2:], os.environ | {"LISTEN_PID": str(os.getpid())})
"""


def activated(serve: Serve, descriptor: int, count: str = "1") -> Sidecar:
    """A sidecar that has been handed over a descriptor."""
    activate = [sys.executable, "-ISc", ACTIVATE, str(descriptor)]
    return serve([*activate, *from_sources("serve")], [descriptor], LISTEN_FDS=count)


@pytest.mark.parametrize(
    ("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")], ids=str
)
def test_the_socket_that_is_handed_over_is_served(
    aws: FakeAws, serve: Serve, family: socket.AddressFamily, host: str
) -> None:
    """A reader who came before the program began is answered, and no other port is bound."""
    aws.parameters.put("/p", "canary")
    with socket.create_server((host, 0), family=family) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection((host, port), PATIENCE) as reader:
            reader.sendall(f"GET /ping HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
            sidecar = activated(serve, listener.fileno())
            assert reader.recv(65536).endswith(b"healthy")
    assert sidecar.wait_for_line('"ready"')["port"] == port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, sidecar.port), PATIENCE)


def test_a_socket_for_another_process_is_left_alone(serve: Serve) -> None:
    """As the variables may be inherited, and LISTEN_PID says whom they are for."""
    sidecar = serve(LISTEN_PID="1", LISTEN_FDS="1").wait_until_ready()
    assert sidecar.get("/ping").text == "healthy"


def _everywhere() -> socket.socket:
    return socket.create_server(("0.0.0.0", 0))  # noqa: S104 - it must be refused


def _unix() -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind("")  # Linux chooses a name that is free
    listener.listen()
    return listener


def _datagrams() -> socket.socket:
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    return receiver


def _connected() -> socket.socket:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return socket.create_connection(listener.getsockname())


@pytest.mark.parametrize("make", [_everywhere, _unix, _datagrams, _connected])
def test_a_socket_that_does_not_listen_on_loopback_is_refused(
    serve: Serve, make: Callable[[], socket.socket]
) -> None:
    """Whatever the reason; the message says how to write the unit."""
    with make() as handed_over:
        sidecar = activated(serve, handed_over.fileno())
        assert sidecar.wait_for_end() == 1
    (line,) = sidecar.logged("ERROR")
    assert "not a socket that listens on loopback" in line["message"]
    assert "ListenStream=127.0.0.1:2773" in line["message"]


def test_several_sockets_are_refused(serve: Serve) -> None:
    """There is one endpoint."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sidecar = activated(serve, listener.fileno(), count="2")
        assert sidecar.wait_for_end() == 1
    assert "LISTEN_FDS is '2'" in sidecar.logged("ERROR")[0]["message"]


def test_a_descriptor_that_is_no_socket_is_refused(serve: Serve) -> None:
    """Such as a file that a shell has left open."""
    with Path("/dev/null").open() as file:
        sidecar = activated(serve, file.fileno())
        assert sidecar.wait_for_end() == 1
    assert "Socket operation on non-socket" in sidecar.logged("ERROR")[0]["message"]

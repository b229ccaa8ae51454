"""What the launcher can't begin, it leaves to Python, which can say what is wrong."""

import socket
import time
from pathlib import Path

import pytest

from extension.declared.settings import port
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.launcher import HANDED_OVER, MOMENTS, Launched, environment, occupy
from tests.rapid.ports import ReservedPort

PORT_TEXTS = (
    *("", "1", "80", "02773", "002773", "65535", "65536", "0", "00", "-1", "+2773", " 2773"),
    *("2773 ", "2773x", "0x10", "1e3", "2_773", "27.73", "4294970069", "9" * 20, "0" * 20 + "2773"),
    *("٢٧٧٣", "²", "\t", "2773\n"),
)


@pytest.mark.parametrize("own", PORT_TEXTS)
@pytest.mark.parametrize("official", ["", "80", "x"])
def test_the_launcher_listens_only_where_python_would(
    opt: Path, api: FakeRuntimeApi, own: str, official: str
) -> None:
    """Whatever the two variables hold."""
    variables = {
        "WARMKEY_PORT": own,
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": official,
        "AWS_LAMBDA_RUNTIME_API": api.address,
    }
    with Launched(opt, variables) as interpreter:
        listens = interpreter.descriptors.get(3)
    if listens is not None:
        assert listens == f"listens 127.0.0.1:{port(variables)}"


def test_a_port_that_is_taken_is_left_to_python(opt: Path, api: FakeRuntimeApi) -> None:
    """It registers all the same, so that Python can report the port."""
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        Launched(opt, environment(api.address, str(other.getsockname()[1]))) as interpreter,
    ):
        assert interpreter.descriptors == {4: f"connected {api.address}"}
        assert HANDED_OVER & interpreter.variables.keys() == {"WARMKEY_REGISTERED_FD"}


@pytest.mark.parametrize("text", ["x", "0", "65536", "2773 "])
def test_a_malformed_port_is_left_to_python(opt: Path, api: FakeRuntimeApi, text: str) -> None:
    """It registers all the same, so that Python can report the setting."""
    with Launched(opt, environment(api.address, text)) as interpreter:
        assert interpreter.descriptors == {4: f"connected {api.address}"}
        assert HANDED_OVER & interpreter.variables.keys() == {"WARMKEY_REGISTERED_FD"}


@pytest.mark.parametrize(
    "address",
    [
        "localhost:9001",
        "example.com:9001",
        "[::1]:9001",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:9001/",
        "127.0.0.1 :9001",
        ":9001",
        "127.0.0.1:9001:1",
        "1" * 64 + ":9001",
        "127.1:9001",
    ],
)
def test_an_api_that_is_no_address_is_left_to_python(
    opt: Path, free: ReservedPort, address: str
) -> None:
    """A host name above all: to look one up is not the launcher's work."""
    with Launched(opt, environment(address, free)) as interpreter:
        assert interpreter.descriptors == {3: f"listens {free.address}"}
        assert "WARMKEY_REGISTERED_FD" not in interpreter.variables


def test_an_api_that_refuses_is_asked_for_10_ms_and_left_to_python(
    opt: Path, free: ReservedPort
) -> None:
    """Lambda opens its API beside starting extensions."""
    with ReservedPort() as nobody:
        began = time.monotonic()
        with Launched(opt, environment(nobody.address, free)) as interpreter:
            assert time.monotonic() - began >= 0.01
            assert interpreter.descriptors == {3: f"listens {free.address}"}
            assert "WARMKEY_REGISTERED_FD" not in interpreter.variables


@pytest.mark.parametrize(("taken", "other"), [(3, 4), (4, 3)])
def test_a_descriptor_in_use_is_left_alone(
    opt: Path, api: FakeRuntimeApi, free: ReservedPort, taken: int, other: int
) -> None:
    """Whose it is, the launcher can't know; the other half of the head start happens."""
    with Launched(
        opt, environment(api.address, free), prepare=occupy(taken), descriptors=(taken,)
    ) as interpreter:
        assert interpreter.descriptors.keys() == {taken, other}
        assert interpreter.descriptors[taken] == "file"
        handed = {3: {"WARMKEY_REGISTERED_FD"}, 4: {"LISTEN_FDS", "LISTEN_PID"}}
        assert HANDED_OVER & interpreter.variables.keys() == handed[taken]
        done = {3: "WARMKEY_REGISTERING_AT", 4: "WARMKEY_BOUND_AT"}
        assert set(MOMENTS[1:]) & interpreter.variables.keys() == {done[taken]}


def test_a_request_that_is_sent_in_part_is_left_to_python(opt: Path, free: ReservedPort) -> None:
    """The connection is closed, so that Python registers on another."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 100)
        server.bind(("127.0.0.1", 0))
        server.listen()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        launched = Launched(opt, environment(address, free), name="/opt/" + "w" * 120_000)
        connection, _ = server.accept()
        assert connection.recv(1) == b"P"
        connection.close()  # with data unread, which resets the connection
        with launched as interpreter:
            assert interpreter.descriptors == {3: f"listens {free.address}"}
            assert "WARMKEY_REGISTERED_FD" not in interpreter.variables

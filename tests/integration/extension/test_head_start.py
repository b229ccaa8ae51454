"""The daemon takes over what its launcher has begun: the listener, the registration, or neither."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import assert_clean
from tests.integration.daemon import Daemon
from tests.integration.process import PATIENT_SERVICES
from tests.integration.raw_client import RawClient
from tests.patience import PATIENCE

# The layer's own launcher would take the head start before the one below.
pytestmark = pytest.mark.parametrize("layer", ["sources"], indirect=True)

# Moves the descriptors it is given to 3 and up, says whose they are, and becomes the daemon.
LAUNCHER = """
import fcntl, os, sys
*numbers, program = sys.argv[1:]
apart = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 100) for number in numbers]
for target, number in enumerate(apart, 3):
    os.dup2(number, target)
os.environ.setdefault("LISTEN_PID", str(os.getpid()))
os.execv(program, [program])
"""
REGISTER = (
    b"POST /2020-01-01/extension/register HTTP/1.1\r\nHost: localhost\r\n"
    b"Lambda-Extension-Name: warmkey\r\nContent-Length: 23\r\n\r\n"
    b'{"events":["SHUTDOWN"]}'
)


class Launch:
    """Starts a daemon that inherits descriptors, from 3 on."""

    def __init__(self, stack: ExitStack, layer: Path, aws: FakeAws, api: FakeRuntimeApi) -> None:
        self._stack, self._layer, self._aws, self._api = stack, layer, aws, api

    def __call__(self, *descriptors: int, **variables: str) -> Daemon:
        """Start it with these descriptors, and these variables beside the fakes'."""
        numbers = [str(number) for number in descriptors]
        daemon = Daemon(
            self._layer,
            self._api,
            {**PATIENT_SERVICES, **self._aws.environment(), "P": "warmkey:/p", **variables},
            command=[sys.executable, "-ISBc", LAUNCHER, *numbers],
            descriptors=descriptors,
        )
        self._stack.callback(lambda: assert_clean(daemon))
        return self._stack.enter_context(daemon)


@pytest.fixture
def launch(layer: Path, aws: FakeAws, api: FakeRuntimeApi) -> Iterator[Launch]:
    """Starts daemons with a head start."""
    aws.parameters.put("/p", "canary")
    with ExitStack() as stack:
        yield Launch(stack, layer, aws, api)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A listening socket; nobody else can bind its port."""
    with socket.create_server((LOOPBACK, 0)) as bound:
        yield bound


def listening(listener: socket.socket) -> dict[str, str]:
    """The variables that hand a listener over."""
    return {"LISTEN_FDS": "1", "WARMKEY_PORT": str(listener.getsockname()[1])}


def registering(api: FakeRuntimeApi) -> socket.socket:
    """A connection on which the registration was sent; its answer is not read yet."""
    host, port = api.address.split(":")
    connection = socket.create_connection((host, int(port)), PATIENCE)
    connection.sendall(REGISTER)
    return connection


def test_a_listener_is_taken_over(
    api: FakeRuntimeApi, launch: Launch, listener: socket.socket
) -> None:
    """As in systemd's socket activation; a reader may have been waiting since before."""
    with RawClient(listener.getsockname()[1]) as early:
        daemon = launch(listener.fileno(), **listening(listener))
        assert early.ask(daemon.request("/v1/secrets/P")).body == b"canary"
    assert daemon.read("P") == "canary"
    assert len(api.seen(Call.REGISTER)) == 1


def test_a_registration_is_taken_over(api: FakeRuntimeApi, launch: Launch, aws: FakeAws) -> None:
    """Its answer is read, and it is not sent again; `next` follows on the same connection."""
    with registering(api) as connection:
        daemon = launch(connection.fileno(), WARMKEY_REGISTERED_FD="3")
    daemon.wait_until_ready()
    assert len(api.seen(Call.REGISTER)) == 1
    assert daemon.read("P") == "canary"
    assert len(aws.calls) == 1


def test_both_are_taken_over(
    api: FakeRuntimeApi, launch: Launch, aws: FakeAws, listener: socket.socket
) -> None:
    """The head start as it is meant; the end is as ever."""
    with registering(api) as connection:
        daemon = launch(
            listener.fileno(),
            connection.fileno(),
            WARMKEY_REGISTERED_FD="4",
            **listening(listener),
        )
    daemon.wait_until_ready()
    assert daemon.read("P") == "canary"
    assert (len(api.seen(Call.REGISTER)), len(aws.calls)) == (1, 1)
    api.shutdown()
    assert daemon.wait_for_end() == 0


def test_a_registration_that_was_hung_up_on_is_done_again(
    api: FakeRuntimeApi, launch: Launch, listener: socket.socket
) -> None:
    """The launcher reports no error: what it could not do is done here."""
    host, port = api.address.split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as dead:
        dead.shutdown(socket.SHUT_WR)
        assert dead.recv(1) == b""
        daemon = launch(listener.fileno(), dead.fileno(), WARMKEY_REGISTERED_FD="4")
    daemon.wait_until_ready()
    assert daemon.read("P") == "canary"
    assert len(api.seen(Call.REGISTER)) == 1


@pytest.mark.parametrize(
    "number", [*map(str, range(10)), "1023", "nonsense", "", "-1", "²", "9" * 20, "9" * 5000]
)
def test_a_registration_that_is_none_is_done(
    api: FakeRuntimeApi, launch: Launch, listener: socket.socket, number: str
) -> None:
    """A descriptor that is our own, or is no socket, or is not open, or is no number."""
    with Path(os.devnull).open("rb") as nothing:
        daemon = launch(
            listener.fileno(),
            nothing.fileno(),
            WARMKEY_REGISTERED_FD=number,
            **listening(listener),
        )
    daemon.wait_until_ready()
    assert daemon.read("P") == "canary"
    assert len(api.seen(Call.REGISTER)) == 1


@pytest.mark.parametrize(
    "variables", [{"LISTEN_PID": "1"}, {"LISTEN_PID": ""}, {"LISTEN_FDS": "0"}]
)
def test_a_listener_for_someone_else_is_left_alone(
    launch: Launch, listener: socket.socket, variables: dict[str, str]
) -> None:
    """The daemon then binds its own port."""
    daemon = launch(listener.fileno(), **{"LISTEN_FDS": "1"} | variables)
    daemon.wait_until_ready()
    assert daemon.port != listener.getsockname()[1]
    assert daemon.read("P") == "canary"


def test_a_bad_setting_is_reported_after_a_head_start_too(
    api: FakeRuntimeApi, launch: Launch, listener: socket.socket
) -> None:
    """Through `init/error`, on behalf of the registration that was taken over."""
    with registering(api) as connection:
        daemon = launch(
            listener.fileno(),
            connection.fileno(),
            WARMKEY_REGISTERED_FD="4",
            WARMKEY_TTL="soon",
            **listening(listener),
        )
    assert b"WARMKEY_TTL" in api.wait_for(Call.INIT_ERROR).body
    assert daemon.wait_for_end() == 1
    assert len(api.seen(Call.REGISTER)) == 1

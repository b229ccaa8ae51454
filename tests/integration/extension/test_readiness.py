"""The order in which the daemon starts, and what readers get who come meanwhile."""

import socket
import threading
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import Hold
from tests.fakes.http_service import LOOPBACK, HttpService, Request, Response
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Start
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient
from tests.patience import PATIENCE
from tests.rapid.ports import ReservedPort


@pytest.fixture
def answer(aws: FakeAws) -> threading.Event:
    """Lets the answer to the prefetch go; two parameters wait for it."""
    aws.parameters.put("/a", "canary-a")
    aws.parameters.put("/b", "canary-b")
    held = threading.Event()
    aws.faults.once("GetParameters", Hold(held))
    return held


def begun(start: Start, aws: FakeAws, **variables: str) -> Daemon:
    """A daemon whose prefetch is under way."""
    daemon = start(A="warmkey:/a", B="warmkey:/b", **variables)
    aws.wait_for_calls(1)
    return daemon


def wait(daemon: Daemon, client: RawClient, target: str) -> None:
    """Send a read, and return when the daemon has let it wait."""
    client.send(daemon.request(target))
    daemon.wait_for_count("reads", 1)


def test_the_port_is_there_before_the_daemon_registers(layer: Path, aws: FakeAws) -> None:
    """So it exists before the runtime does: a connection from within the registration works."""
    connected = threading.Event()

    def register(_: Request) -> Response:
        socket.create_connection((LOOPBACK, port.number), PATIENCE).close()
        connected.set()
        return Response(500)

    with ReservedPort() as port, HttpService(register) as service, FakeRuntimeApi() as api:
        address = f"{LOOPBACK}:{service.port}"
        variables = {"AWS_LAMBDA_RUNTIME_API": address, "WARMKEY_PORT": str(port.number)}
        with Daemon(layer, api, aws.environment() | variables) as daemon:
            assert connected.wait(PATIENCE)
            daemon.wait_for_end()


def test_aws_is_not_asked_before_the_daemon_registers(aws: FakeAws, start: Start) -> None:
    """The runtime starts when it has registered, so that comes first, or nothing does."""
    with ReservedPort() as closed:
        daemon = start(A="warmkey:/a", AWS_LAMBDA_RUNTIME_API=closed.address)
        assert daemon.wait_for_end() == 1
    assert aws.calls == []


def test_the_daemon_registers_for_shutdown_alone(api: FakeRuntimeApi, start: Start) -> None:
    """Under its executable's name, and without a wake-up for each invoke."""
    start()
    seen = api.wait_for(Call.REGISTER)
    assert seen.headers["Lambda-Extension-Name"] == "warmkey"
    assert seen.body == b'{"events":["SHUTDOWN"]}'


def test_init_is_over_when_the_secrets_are_there(
    aws: FakeAws, api: FakeRuntimeApi, start: Start, answer: threading.Event
) -> None:
    """`next` comes after the answer, and then the daemon calls itself ready."""
    daemon = begun(start, aws)
    assert daemon.status()["state"] == "starting"
    assert api.seen(Call.EVENT_NEXT) == []
    answer.set()
    daemon.wait_until_ready()
    assert daemon.status()["state"] == "ready"


def test_prefetch_holds_init_open_for_its_time_at_most(
    aws: FakeAws, start: Start, answer: threading.Event
) -> None:
    """It goes on beside the first invoke, and its value is served once it comes."""
    daemon = begun(start, aws, WARMKEY_PREFETCH_TIMEOUT_MILLIS="500").wait_until_ready()
    assert 500 <= daemon.status()["phases"]["ready"] < 5000  # which are the limit of who sets none
    assert sorted(daemon.wait_for_line('"ready"')["missing"]) == ["A", "B"]
    answer.set()
    assert daemon.read("A") == "canary-a"
    assert len(aws.calls) == 1


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/v1/secrets/A", "canary-a"),
        ("/v1/secrets", '{"A":"canary-a","B":"canary-b"}'),
    ],
)
def test_a_read_during_the_prefetch_waits_for_it(
    aws: FakeAws,
    start: Start,
    answer: threading.Event,
    target: str,
    expected: str,
) -> None:
    """It is answered when the value comes, and costs no call of its own."""
    daemon = begun(start, aws)
    with RawClient(daemon.port) as client:
        wait(daemon, client, target)
        answer.set()
        assert client.answer().body.decode() == expected
    assert len(aws.calls) == 1


def test_a_refresh_during_the_prefetch_asks_once_more(
    aws: FakeAws, start: Start, answer: threading.Event
) -> None:
    """As the prefetch may have asked before the change that is looked for."""
    daemon = begun(start, aws)
    with RawClient(daemon.port) as client:
        wait(daemon, client, "/v1/secrets/A?refresh=true")
        answer.set()
        assert client.answer().body == b"canary-a"
    assert [call.names for call in aws.calls] == [("/a", "/b"), ("/a",)]


def test_a_read_before_the_daemon_serves_waits_in_the_backlog(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """As soon as it has registered, a reader may ask."""
    aws.parameters.put("/a", "canary-a")
    daemon = start(A="warmkey:/a")
    api.wait_for(Call.REGISTER)
    assert daemon.read("A") == "canary-a"


def test_one_secret_does_not_wait_for_another(
    aws: FakeAws, start: Start, answer: threading.Event
) -> None:
    """What has come is served while the rest is still under way."""
    aws.secrets.put("s", "canary-s")
    daemon = begun(start, aws, S="warmkey:secretsmanager:s")
    assert daemon.read("S") == "canary-s"
    assert daemon.status()["state"] == "starting"
    answer.set()


def test_a_reader_that_leaves_while_it_waits_harms_nobody(
    aws: FakeAws, start: Start, answer: threading.Event
) -> None:
    """The value comes, finds no one, and is there for the next."""
    daemon = begun(start, aws)
    with RawClient(daemon.port) as client:
        wait(daemon, client, "/v1/secrets/A")
    answer.set()
    assert daemon.read("A") == "canary-a"

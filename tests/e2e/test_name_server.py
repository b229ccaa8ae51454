"""The daemon beside a name server that fails it, or says nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from layer.build import targets
from tests.e2e.layer_root import Root, layer_root
from tests.fakes.aws import FakeAws
from tests.fakes.dns import FakeDns, Mood
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.patience import PATIENCE, PATIENT
from tests.rapid.namespaces import NamespacesRefused

NAME = "ssm.example.test"
SHORT = {"WARMKEY_UPSTREAM_TIMEOUT_MILLIS": "200"}
# Long enough for an answer that says no, and tried again for five times as long.
LONGER = {"WARMKEY_UPSTREAM_TIMEOUT_MILLIS": "500", "WARMKEY_PREFETCH_TIMEOUT_MILLIS": "100"}

Start = Callable[..., Daemon]


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    """A name server that says nothing."""
    try:
        with FakeDns(NAME, "127.0.0.1", Mood.SILENT) as running:
            yield running
    except PermissionError:
        pytest.skip("to listen on port 53 takes root")


@pytest.fixture
def root(dns: FakeDns, tmp_path: Path) -> Root:
    """The layer in a root whose resolver asks that server, at most every second."""
    try:
        made = layer_root(targets.host(), tmp_path)
    except NamespacesRefused as reason:
        pytest.skip(str(reason))
    made.add("etc/resolv.conf", f"nameserver {dns.address}\noptions timeout:1 attempts:5\n")
    return made


@pytest.fixture
def start(root: Root, api: FakeRuntimeApi) -> Iterator[Start]:
    """Starts the daemon with one declared secret."""
    with FakeAws() as aws, ExitStack() as stack:
        aws.parameters.put("/key", "value")
        there = {"AWS_ENDPOINT_URL": f"http://{NAME}:{aws.port}", "KEY": "warmkey:/key"}

        def start(**variables: str) -> Daemon:
            environment = {**aws.environment(), **there, **variables}
            daemon = Daemon(Path("/opt"), api, environment, command=root.command)
            return stack.enter_context(daemon)

        yield start


@pytest.fixture
def patient_resolver(root: Root, dns: FakeDns) -> None:
    """The resolver gives up later than any test."""
    root.add("etc/resolv.conf", f"nameserver {dns.address}\noptions timeout:30 attempts:5\n")


@pytest.mark.usefixtures("patient_resolver")
def test_readers_are_heard_while_a_name_server_says_nothing(
    start: Start, api: FakeRuntimeApi
) -> None:
    """Long before the resolver gives up."""
    daemon = start(**PATIENT)
    api.wait_for(Call.REGISTER)
    assert daemon.get("/ping").text == "healthy"
    assert daemon.status()["state"] == "starting"


@pytest.mark.usefixtures("patient_resolver")
def test_prefetch_holds_init_no_longer_than_its_limit(start: Start) -> None:
    """Though the name is still being looked up."""
    daemon = start(**{**PATIENT, "WARMKEY_PREFETCH_TIMEOUT_MILLIS": "300"}).wait_until_ready()
    status = daemon.status()
    assert (status["state"], status["counters"]["upstreamErrors"]) == ("ready", 0)


@pytest.mark.usefixtures("patient_resolver")
def test_a_name_that_is_not_resolved_in_time_is_a_problem(start: Start) -> None:
    """The hint says where to look, and the reader does not wait for the resolver to give up."""
    daemon = start(**SHORT).wait_until_ready()
    answer = daemon.get("/v1/secrets/KEY")
    assert answer.status_code == 504
    assert f"{NAME}:" in answer.json()["detail"]
    assert answer.json()["detail"].endswith("was not resolved in time")
    assert "DNS" in answer.json()["hint"]


def test_a_name_server_that_fails_is_a_problem(start: Start, dns: FakeDns) -> None:
    """It is told apart from one that says nothing."""
    dns.mood = Mood.FAILING
    daemon = start(**LONGER).wait_until_ready()
    answer = daemon.get("/v1/secrets/KEY")
    assert answer.status_code == 502
    assert answer.json()["detail"].endswith("can't be resolved")


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.FAILING])
def test_a_name_server_that_speaks_again_is_believed(
    start: Start, dns: FakeDns, mood: Mood
) -> None:
    """By the lookup that waits for it, or by the next one."""
    dns.mood = mood
    daemon = start(**SHORT).wait_until_ready()
    assert daemon.get("/v1/secrets/KEY").status_code in (502, 504)
    dns.mood = Mood.HELPFUL
    deadline = time.monotonic() + PATIENCE
    while (answer := daemon.get("/v1/secrets/KEY")).status_code != 200:
        assert time.monotonic() < deadline, answer.text  # the resolver asks again within a second
    assert answer.text == "value"

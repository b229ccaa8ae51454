"""The endpoint under many readers, slow readers and readers that leave."""

import resource
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from extension.endpoint.server.connections import MOST
from tests.fakes.aws import FakeAws
from tests.fakes.faults import Hold
from tests.integration.conftest import Start, serving
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient

CLIENTS = 64
LARGE = "canary " + "x" * 65_000
"""A secret about as large as there are: Secrets Manager takes 64 KB."""
DESCRIPTORS = 20
AHEAD = 8  # large answers: more than narrow sockets can hold


def put(aws: FakeAws) -> Mapping[str, str]:
    """Many small parameters, and a large secret."""
    for number in range(8):
        aws.parameters.put(f"/p/{number}", f"canary-{number}")
    aws.secrets.put("large", LARGE)
    return {**{f"P{n}": f"/p/{n}" for n in range(8)}, "LARGE": "secretsmanager:large"}


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with them."""
    with serving(layer, put) as running:
        yield running


def test_many_clients_at_once_get_their_own_values(daemon: Daemon) -> None:
    """Each asks in an order of its own, for values, JSON and refusals, on one connection."""

    def ask(number: int) -> None:
        with RawClient(daemon.port) as client:
            for step in range(24):
                name = (number + step) % 8
                answer = client.ask(daemon.request(f"/v1/secrets/P{name}"))
                assert (answer.status, answer.body) == (200, f"canary-{name}".encode())
            assert client.ask(daemon.request(f"/v1/secrets/no{number}")).status == 404

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert list(pool.map(ask, range(CLIENTS))) == [None] * CLIENTS


def test_many_connections_are_held_open_side_by_side(daemon: Daemon) -> None:
    """And served in any order."""
    with ExitStack() as stack:
        clients = [stack.enter_context(RawClient(daemon.port)) for _ in range(CLIENTS)]
        for client in clients:
            client.send(daemon.request("/v1/secrets/P1"))
        for client in reversed(clients):
            assert client.answer().body == b"canary-1"


def test_a_slow_reader_keeps_nobody_waiting(daemon: Daemon) -> None:
    """Its large answers wait for it, one at a time, and come whole when it reads."""
    with RawClient(daemon.port, narrow=True) as slow:
        slow.send(daemon.request("/v1/secrets/LARGE") * AHEAD)
        assert [daemon.read("P1") for _ in range(10)] == ["canary-1"] * 10
        assert daemon.read("LARGE") == LARGE
        for _ in range(AHEAD):
            assert slow.answer().body == LARGE.encode()
        assert slow.ask(daemon.request()).body == b"healthy"


def test_a_slow_reader_may_leave(daemon: Daemon) -> None:
    """With answers still on their way to it."""
    with RawClient(daemon.port, narrow=True) as slow:
        slow.send(daemon.request("/v1/secrets/LARGE") * AHEAD)
        assert slow.answer().body == LARGE.encode()
    assert daemon.read("P1") == "canary-1"


def test_a_slow_reader_gets_all_of_a_last_answer(daemon: Daemon) -> None:
    """Before the connection is closed behind it."""
    with RawClient(daemon.port, narrow=True) as slow:
        slow.send(daemon.request("/v1/secrets/LARGE") * AHEAD)
        slow.send(daemon.request("/v1/secrets/LARGE", "Connection: close"))
        assert [slow.answer().body for _ in range(AHEAD + 1)] == [LARGE.encode()] * (AHEAD + 1)
        assert slow.is_closed()


def test_a_daemon_that_is_out_of_descriptors_serves_on(aws: FakeAws, start: Start) -> None:
    """Those who are connected at once, and the others when some have left."""
    aws.parameters.put("/p", "canary")
    daemon = start(P="warmkey:/p").wait_until_ready()
    resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    with ExitStack() as others, RawClient(daemon.port) as first:
        first.ask(daemon.request("/v1/secrets/P"))  # who has shown no token makes room
        clients = [others.enter_context(RawClient(daemon.port)) for _ in range(2 * DESCRIPTORS)]
        for client in clients:
            client.send(daemon.request("/v1/secrets/P"))
        assert first.ask(daemon.request("/v1/secrets/P")).body == b"canary"
        last = clients[-1]
        for client in clients[:-1]:
            client.close()
        assert last.answer().body == b"canary"


def test_readers_that_wait_do_not_keep_others_waiting(aws: FakeAws, start: Start) -> None:
    """Sixty-four wait for one fetch, and a value that is there is served at once."""
    aws.parameters.put("/slow", "canary-slow")
    aws.secrets.put("there", "canary-there")
    answer = threading.Event()
    aws.faults.once("GetParameter", Hold(answer))
    daemon = start(SLOW="warmkey:/slow", THERE="warmkey:secretsmanager:there")
    aws.wait_for_calls(2)
    with ExitStack() as stack:
        clients = [stack.enter_context(RawClient(daemon.port)) for _ in range(CLIENTS)]
        for client in clients:
            client.send(daemon.request("/v1/secrets/SLOW"))
        assert daemon.read("THERE") == "canary-there"
        answer.set()
        assert {client.answer().body for client in clients} == {b"canary-slow"}
    assert aws.actions.count("GetParameter") == 1


def test_readers_beyond_the_limit_are_told_to_come_again(aws: FakeAws, start: Start) -> None:
    """By 503 with Retry-After, while the others wait; they are served on, and new ones after."""
    aws.parameters.put("/p", "canary")
    answer = threading.Event()
    daemon = start(P="warmkey:/p").wait_until_ready()
    aws.faults.once("GetParameter", Hold(answer))
    refresh = daemon.request("/v1/secrets/P?refresh=true")
    with ExitStack() as stack:
        served = []
        for _ in range(MOST):
            served.append(stack.enter_context(RawClient(daemon.port)))
            served[-1].send(refresh)
        daemon.wait_for_count("reads", MOST)
        with RawClient(daemon.port) as late:
            refusal = late.ask(daemon.request("/ping"))
            assert (refusal.status, refusal.headers["Retry-After"]) == (503, "1")
            assert late.is_closed()
        answer.set()
        assert {client.answer().body for client in served} == {b"canary"}
    assert daemon.get("/ping").status_code == 200

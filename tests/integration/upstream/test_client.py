"""A client's calls: over a connection that may have died, and by a clock that may be wrong."""

import json
import time
from collections.abc import Iterator

import pytest

from extension.aws.client.client import Client
from extension.http.client.channel import complete, rest
from extension.http.messages import Response
from extension.sources.parameter import Parameter
from extension.sources.route import Route
from tests.fakes.aws import FakeAws
from tests.fakes.http_service import Delivery
from tests.fakes.identity import clients
from tests.patience import PATIENCE

CALL = Parameter("/a").call()
HOURS = 4 * 3600  # seconds


class Clock:
    """Wall-clock time that a test alone moves on."""

    def __init__(self) -> None:
        self._began = time.time()
        self.ahead = 0.0

    def __call__(self) -> float:
        """The time, in seconds since the epoch."""
        return self._began + self.ahead


@pytest.fixture
def clock() -> Clock:
    """The client's time."""
    return Clock()


@pytest.fixture
def client(aws: FakeAws, clock: Clock) -> Iterator[Client]:
    """A client to SSM."""
    aws.parameters.put("/a", "canary")
    client = clients(aws.environment(), clock).client_for(Route("ssm", "", ""))
    yield client
    client.reset()


@pytest.mark.parametrize(("seconds", "connections"), [(0, 1), (19, 1), (21, 2), (-21, 2)])
def test_a_connection_that_was_idle_for_long_is_replaced(
    aws: FakeAws, clock: Clock, client: Client, seconds: int, connections: int
) -> None:
    """A NAT gateway, or a freeze, may have ended it without a word; clocks jump both ways."""
    client.call(CALL, time.monotonic() + PATIENCE)
    clock.ahead = seconds
    client.call(CALL, time.monotonic() + PATIENCE)
    assert aws.connections == connections


def test_a_connection_that_dies_as_it_is_used_again_is_replaced(
    aws: FakeAws, client: Client
) -> None:
    """Once, and nobody hears of it."""
    aws.faults.once("GetParameter", None, Delivery.RESET)
    for _ in range(2):
        assert client.call(CALL, time.monotonic() + PATIENCE).status == 200
    assert aws.connections == 2


def test_the_answer_to_a_call_that_was_sent_ahead_is_no_answer_to_another(
    aws: FakeAws, client: Client
) -> None:
    """It comes over a connection that is not used any more."""
    aws.parameters.put("/b", "canary of another")
    deadline = time.monotonic() + PATIENCE
    assert complete([client.sending(Parameter("/b").call(), deadline)], deadline) == [None]
    assert json.loads(client.call(CALL, deadline).body)["Parameter"]["Value"] == "canary"


def test_a_call_that_is_sent_ahead_is_signed_while_the_network_is_waited_for(
    clock: Clock, client: Client
) -> None:
    """By the time that it was then: a server that is far away waits for no signature."""
    deadline = time.monotonic() + PATIENCE
    steps = client.sending(CALL, deadline)
    wait = next(steps)
    clock.ahead = HOURS  # what is signed from now on is refused
    assert complete([rest(wait, steps)], deadline) == [None]
    assert client.call(CALL, deadline).status == 200


@pytest.mark.parametrize("seconds", [HOURS, -HOURS])
def test_calls_are_signed_by_the_time_that_a_response_told(
    clock: Clock, client: Client, seconds: int
) -> None:
    """The machine's clock may be wrong, and may be set right later."""
    for ahead in (seconds, 0):
        clock.ahead = ahead
        refused = client.call(CALL, time.monotonic() + PATIENCE)
        client.set_clock(refused)
        taken = client.call(CALL, time.monotonic() + PATIENCE)
        assert (refused.status, taken.status) == (400, 200)


@pytest.mark.parametrize(
    "headers",
    [(), (("date", "now"),), (("date", "Fri, 31 Dec 9999 23:59:59 GMT"),)],
    ids=["none", "no date", "far off"],
)
def test_a_response_that_tells_no_time_sets_no_clock(
    client: Client, headers: tuple[tuple[str, str], ...]
) -> None:
    """Calls go on as before."""
    client.set_clock(Response(400, headers))
    assert client.call(CALL, time.monotonic() + PATIENCE).status == 200

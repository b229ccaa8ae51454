"""What is the Python client's own: threads, asyncio, and an environment that changes."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Response
from tests.patience import PATIENCE
from warmkey import Client, SecretNotFound, UpstreamError


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Client:
    """A client with that endpoint's environment."""
    return Client(endpoint.environ)


def test_a_refusal_s_message_is_the_reason_the_hint_and_the_status(
    endpoint: FakeEndpoint, client: Client
) -> None:
    """A sentence that can be acted on."""
    endpoint.refuse("KEY", 502, title="No", detail="It is so", hint="grant ssm:GetParameter")

    with pytest.raises(UpstreamError) as caught:
        client.get("KEY")

    assert str(caught.value) == "It is so; grant ssm:GetParameter (status 502)"


def test_a_value_of_unknown_age_is_read_again(endpoint: FakeEndpoint, client: Client) -> None:
    """The endpoint always tells it."""
    headers = (("Cache-Control", "private, max-age=300"),)
    endpoint.answer("/v1/secrets/KEY", Response(200, b"value", "text/plain", headers))

    assert [client.get("KEY"), client.get("KEY")] == ["value", "value"]
    assert len(endpoint.requests) == 2


def test_a_value_is_as_old_as_the_moment_it_was_asked_for(endpoint: FakeEndpoint) -> None:
    """A process that was frozen while the answer was on its way does not count from its thaw."""
    now = [1_000_000.0]
    client = Client(endpoint.environ, lambda: now[0])

    def freeze() -> None:
        now[0] += 100

    endpoint.serve("KEY", "value", max_age=100)
    endpoint.before_answering = freeze
    client.get("KEY")

    client.get("KEY")

    assert len(endpoint.requests) == 2


def test_the_token_is_looked_up_when_it_is_needed(endpoint: FakeEndpoint) -> None:
    """Under SnapStart credentials appear after the client was made, and they change."""
    endpoint.serve("KEY", "value")
    environ: dict[str, str] = {}
    client = Client(environ)

    environ.update(endpoint.environ)

    assert client.get("KEY") == "value"


@contextmanager
def slow_read(
    endpoint: FakeEndpoint, client: Client
) -> Iterator[tuple[Future[str], threading.Event]]:
    """A read of KEY whose response, worked out already, waits for an event; others don't."""
    slow, go_on = threading.Event(), threading.Event()

    def wait_once() -> None:
        endpoint.before_answering = lambda: None
        slow.set()
        go_on.wait(PATIENCE)

    with ThreadPoolExecutor(1) as pool:
        endpoint.before_answering = wait_once
        first = pool.submit(client.get, "KEY")
        assert slow.wait(PATIENCE)
        yield first, go_on


def test_last_request_wins(endpoint: FakeEndpoint, client: Client) -> None:
    """A slow read that comes back after a refresh does not put the older value back."""
    endpoint.serve("KEY", "old")
    with slow_read(endpoint, client) as (first, go_on):
        endpoint.serve("KEY?refresh=true", "new")
        assert client.read("KEY", refresh=True) == "new"
        go_on.set()
        assert first.result(PATIENCE) == "old"
    assert client.get("KEY") == "new"
    assert len(endpoint.requests) == 2


def test_a_slow_read_does_not_bring_back_what_was_refused_since(
    endpoint: FakeEndpoint, client: Client
) -> None:
    """As of a secret that was revoked meanwhile."""
    endpoint.serve("KEY", "old")
    with slow_read(endpoint, client) as (first, go_on):
        with pytest.raises(SecretNotFound):
            client.read("KEY", refresh=True)
        go_on.set()
        first.result(PATIENCE)
    client.get("KEY")
    assert len(endpoint.requests) == 3


def test_asyncio_goes_on_while_a_secret_is_read(endpoint: FakeEndpoint, client: Client) -> None:
    """What is held is there at once."""
    endpoint.serve("KEY", "value")
    went_on: list[bool] = []

    async def read() -> list[str]:
        answered = threading.Event()
        endpoint.before_answering = lambda: went_on.append(answered.wait(PATIENCE))
        reading = asyncio.create_task(client.aget("KEY"))
        await asyncio.sleep(0)  # the other begins, and this one goes on
        answered.set()
        return [await reading, await client.aget("KEY")]

    assert asyncio.run(read()) == ["value", "value"]
    assert went_on == [True]

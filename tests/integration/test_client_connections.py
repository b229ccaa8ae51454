"""The thin client keeps its connections alive, and replaces those that died unnoticed."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Delivery, Response
from warmkey import Client, EndpointUnavailable, SecretNotFound

PACKAGE = Path(__file__).parents[2] / "layer/python"


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    """An endpoint of its own for each test; nothing it serves is kept by the client."""
    with FakeEndpoint() as endpoint:
        endpoint.serve("KEY", "value", max_age=0)
        yield endpoint


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Iterator[Client]:
    """A client with that endpoint's environment."""
    client = Client(endpoint.environ)
    yield client
    client.close()


def run(script: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script in an interpreter of its own that takes every warning for an error."""
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-X", "dev", "-W", "error", "-c", script],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PACKAGE), **environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_reads_share_a_connection(endpoint: FakeEndpoint, client: Client) -> None:
    """Whatever their answers are."""
    client.get("KEY")
    with pytest.raises(SecretNotFound):
        client.get("MISSING")
    client.get("KEY")

    assert (len(endpoint.requests), endpoint.connections) == (3, 1)


def test_a_connection_that_was_closed_while_idle_is_replaced(
    endpoint: FakeEndpoint, client: Client
) -> None:
    """As after a freeze: the caller does not notice."""
    client.get("KEY")
    endpoint.drop_connections()

    assert client.get("KEY") == "value"
    assert endpoint.connections == 2


@pytest.mark.parametrize("delivery", [Delivery.CLOSE_AFTER, Delivery.ANNOUNCED_CLOSE])
def test_a_connection_that_is_closed_after_an_answer_is_replaced(
    endpoint: FakeEndpoint, client: Client, delivery: Delivery
) -> None:
    """Announced or not."""
    endpoint.break_next(delivery, delivery)

    assert [client.get("KEY") for _ in range(3)] == ["value"] * 3


@pytest.mark.parametrize(
    "delivery", [Delivery.RESET, Delivery.TRUNCATED, Delivery.RESET_IN_BODY], ids=lambda d: d.name
)
def test_a_kept_connection_that_breaks_is_tried_again_once(
    endpoint: FakeEndpoint, client: Client, delivery: Delivery
) -> None:
    """It may have gone stale; a new one that breaks too did not."""
    client.get("KEY")
    endpoint.break_next(delivery)
    assert client.get("KEY") == "value"

    endpoint.break_next(delivery, delivery)
    with pytest.raises(EndpointUnavailable):
        client.get("KEY")
    assert len(endpoint.requests) == 5


@pytest.mark.parametrize(
    "delivery", [Delivery.RESET, Delivery.TRUNCATED, Delivery.RESET_IN_BODY], ids=lambda d: d.name
)
def test_a_new_connection_that_breaks_is_not_tried_again(
    endpoint: FakeEndpoint, client: Client, delivery: Delivery
) -> None:
    """The extension died, and the error says so."""
    endpoint.break_next(delivery)

    with pytest.raises(EndpointUnavailable, match="its extension has stopped"):
        client.get("KEY")
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("delivery", [Delivery.HANG, Delivery.HANG_IN_BODY], ids=lambda d: d.name)
def test_a_read_ends_at_its_time_limit(endpoint: FakeEndpoint, delivery: Delivery) -> None:
    """On a connection that is open but silent, and never twice."""
    endpoint.break_next(Delivery.WHOLE, delivery)
    client = Client(endpoint.environ, timeout=0.25)
    client.get("KEY")

    with pytest.raises(EndpointUnavailable, match=r"nothing within 0\.25 s"):
        client.get("KEY")
    client.get("KEY")
    client.close()
    assert [request.connection for request in endpoint.requests] == [1, 1, 2]


def test_reads_of_many_threads_do_not_mix(endpoint: FakeEndpoint, client: Client) -> None:
    """Each gets its own alias's value, over no more connections than there are threads."""
    aliases = [f"KEY_{n % 7}" for n in range(800)]
    for alias in set(aliases):
        endpoint.serve(alias, f"value of {alias}", max_age=0)

    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(client.get, aliases))

    assert values == [f"value of {alias}" for alias in aliases]
    assert endpoint.connections <= 8


def test_a_read_that_waits_holds_up_no_other(endpoint: FakeEndpoint, client: Client) -> None:
    """Both are under way at once, or the barrier breaks."""
    endpoint.before_answering = threading.Barrier(2, timeout=10).wait

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(client.get, ["KEY", "KEY"])) == ["value", "value"]


def test_a_forked_child_opens_a_connection_of_its_own(endpoint: FakeEndpoint) -> None:
    """Two processes on one connection would get each other's secrets."""
    for alias in "ABC":
        endpoint.serve(alias, f"value of {alias}")

    done = run(
        """
import os, warmkey
warmkey.get("A")
child = os.fork()
alias = "C" if child else "B"
if child:
    assert os.waitpid(child, 0)[1] == 0
assert warmkey.get(alias) == f"value of {alias}"
""",
        endpoint.environ,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert [(r.target[-1], r.connection) for r in endpoint.requests] == [
        ("A", 1),
        ("B", 2),
        ("C", 1),
    ]


def test_a_function_reads_past_every_proxy_and_leaves_nothing_open(
    endpoint: FakeEndpoint,
) -> None:
    """The module's own functions, in a process whose proxies lead nowhere."""
    endpoint.serve("DB", '{"user": "app"}')
    endpoint.answer("/v1/secrets", Response(200, b'{"KEY": "value"}'))
    nowhere = "http://127.0.0.1:1"
    proxies = {"HTTP_PROXY": nowhere, "http_proxy": nowhere, "ALL_PROXY": nowhere}

    done = run(
        """
import warmkey
print(warmkey.get("KEY"), warmkey.get_bytes("KEY"), warmkey.get_json("DB"), warmkey.get_all())
""",
        endpoint.environ | proxies,
    )

    assert done.stderr == ""
    assert done.stdout == "value b'value' {'user': 'app'} {'KEY': 'value'}\n"

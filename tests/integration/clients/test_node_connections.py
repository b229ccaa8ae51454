"""The thin client for Node.js keeps its connections alive, and replaces those that died."""

import subprocess
import threading
from collections.abc import Iterator

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Delivery
from tests.integration.clients.node_client import PACKAGE, NodeClient, node
from tests.integration.clients.raw_server import raw_server
from tests.integration.clients.thin_client import ReadFailed
from tests.patience import PATIENCE

SOON = 2.0  # seconds: for what never comes, and yet long enough for an answer that does
BROKEN = pytest.mark.parametrize(
    "delivery", [Delivery.RESET, Delivery.TRUNCATED, Delivery.RESET_IN_BODY], ids=lambda d: d.name
)


@pytest.fixture
def endpoint(endpoint: FakeEndpoint) -> FakeEndpoint:
    """The endpoint, with a value that no client keeps."""
    endpoint.serve("KEY", "value", max_age=0)
    return endpoint


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Iterator[NodeClient]:
    """A client with that endpoint's environment."""
    with NodeClient(endpoint.environ) as client:
        yield client


def test_reads_share_a_connection(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """Whatever their answers are."""
    client.get("KEY")
    with pytest.raises(ReadFailed, match="SecretNotFound"):
        client.get("MISSING")
    client.get("KEY")

    assert (len(endpoint.requests), endpoint.connections) == (3, 1)


def test_reads_of_one_alias_at_the_same_time_are_one_request(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """The value comes to all of them; so does an error."""
    assert client.at_once(*[("get", "KEY")] * 9, ("getBytes", "KEY")) == ["value"] * 9 + [b"value"]
    outcomes = client.at_once(*[("get", "MISSING")] * 9)

    assert {outcome.kind for outcome in outcomes} == {"SecretNotFound"}
    assert len(endpoint.requests) == 2


def test_a_read_that_waits_holds_up_no_other(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """Both are under way at once, or the barrier breaks."""
    endpoint.serve("OTHER", "another")
    endpoint.before_answering = threading.Barrier(2, timeout=PATIENCE).wait

    assert client.at_once(("get", "KEY"), ("get", "OTHER")) == ["value", "another"]


def test_reads_at_the_same_time_do_not_mix(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """Each gets its own alias's value, over connections that are used again."""
    aliases = [f"KEY_{n}" for n in range(7)]
    for alias in aliases:
        endpoint.serve(alias, f"value of {alias}", max_age=0)

    for _ in range(10):
        values = client.at_once(*(("get", alias) for alias in aliases))
        assert values == [f"value of {alias}" for alias in aliases]
    assert endpoint.connections == 7


@BROKEN
def test_a_kept_connection_that_breaks_is_tried_again_once(
    endpoint: FakeEndpoint, client: NodeClient, delivery: Delivery
) -> None:
    """It may have gone stale; a new one that breaks as well has not."""
    client.get("KEY")
    endpoint.break_next(delivery)
    assert client.get("KEY") == "value"

    endpoint.break_next(delivery, delivery)
    with pytest.raises(ReadFailed, match="EndpointUnavailable"):
        client.get("KEY")
    assert len(endpoint.requests) == 5


@pytest.mark.parametrize("delivery", [Delivery.HANG, Delivery.HANG_IN_BODY], ids=lambda d: d.name)
def test_a_read_ends_at_its_time_limit(endpoint: FakeEndpoint, delivery: Delivery) -> None:
    """On a connection that is open but silent, and never twice."""
    endpoint.break_next(Delivery.WHOLE, delivery)
    with NodeClient(endpoint.environ, timeout=SOON) as client:
        client.get("KEY")
        with pytest.raises(ReadFailed, match="no answer within 2 s"):
            client.get("KEY")
        client.get("KEY")
    assert [request.connection for request in endpoint.requests] == [1, 1, 2]


@pytest.mark.parametrize(
    ("delivery", "reason"),
    [
        (Delivery.CHUNKED, "something else is listening there"),
        (Delivery.TOO_LONG, "the answer is longer than its Content-Length"),
    ],
)
def test_leftovers_of_a_broken_response_reach_no_other_read(
    endpoint: FakeEndpoint, client: NodeClient, delivery: Delivery, reason: str
) -> None:
    """A connection whose framing is in doubt is not used again."""
    endpoint.break_next(delivery)
    with pytest.raises(ReadFailed, match=reason):
        client.get("KEY")

    assert client.get("KEY") == "value"
    assert endpoint.connections == 2


def test_a_304_has_no_body_whatever_length_it_gives() -> None:
    """It may give the length of the value it stands for (RFC 9110, section 8.6)."""
    fields = b'ETag: "1"\r\nCache-Control: max-age=1\r\nContent-Length: 5\r\n\r\n'
    value = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + fields
    unchanged = b"HTTP/1.1 304 Not Modified\r\n" + fields
    with raw_server([value, b"value"], [unchanged]) as environ, NodeClient(environ) as client:
        client.get("KEY")
        client.now += 1
        assert client.get("KEY") == "value"


def test_a_process_that_has_read_is_free_to_end(endpoint: FakeEndpoint) -> None:
    """An idle connection keeps no process alive, and no proxy is looked for."""
    nowhere = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), "http://127.0.0.1:1")
    script = f"""\
const {{ get }} = require({str(PACKAGE)!r});
get("KEY").then(async (first) => console.log(first, await get("KEY")));
"""
    done = subprocess.run(  # noqa: S603 - our own script
        [node(), "--throw-deprecation", "-e", script],
        env={**endpoint.environ, **nowhere},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "value value\n", "")

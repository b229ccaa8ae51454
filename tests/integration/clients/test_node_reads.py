"""What is the Node.js client's own: copies of bytes, one connection pool, entity tags."""

import threading
from collections.abc import Iterator

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Request, Response
from tests.integration.clients.node_client import NodeClient
from tests.integration.clients.thin_client import ReadFailed
from tests.patience import PATIENCE


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Iterator[NodeClient]:
    """A client with that endpoint's environment."""
    with NodeClient(endpoint.environ) as client:
        yield client


def test_a_refusal_s_message_is_the_alias_the_reason_the_hint_and_the_status(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """The list of all has no alias to name."""
    endpoint.refuse("KEY", 502, title="No", detail="It is so.", hint="Grant ssm:GetParameter.")
    problem = Response(502, b'{"detail": "It is so."}', "application/problem+json")
    endpoint.answer("/v1/secrets", problem)

    one, every = client.at_once(("get", "KEY"), ("getAll",))

    assert one.message == "Secret 'KEY': It is so. Grant ssm:GetParameter. (status 502)"
    assert one.shown.startswith("UpstreamError: Secret 'KEY': It is so.")
    assert every.message == "The list of secrets: It is so. (status 502)"


def test_a_caller_who_changes_bytes_changes_nobody_elses(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """Each call resolves to a copy of its own, though the value is read once."""
    endpoint.serve("KEYSTORE", b"\x01\x02")

    client.call("deface", "KEYSTORE")

    assert client.call("getBytes", "KEYSTORE") == b"\x01\x02"
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("value", ["", b"\x00\x01"])
def test_content_type_decides_what_read_resolves_to(
    endpoint: FakeEndpoint, client: NodeClient, value: str | bytes
) -> None:
    """A text, be it empty, or bytes."""
    endpoint.serve("KEY", value)

    assert client.call("read", "KEY") == value


@pytest.mark.parametrize("own", ["", " "])
def test_the_official_port_counts_where_warmkeys_own_is_unset(own: str) -> None:
    """Empty means unset."""
    with FakeEndpoint() as endpoint:
        endpoint.serve("KEY", "value")
        official = {"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(endpoint.port)}
        with NodeClient({**endpoint.environ, **official, "WARMKEY_PORT": own}) as client:
            assert client.get("KEY") == "value"


def test_many_reads_at_once_share_a_few_connections(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """The others wait for theirs, and nobody is refused."""
    for number in range(700):
        endpoint.serve(f"KEY{number}", f"value-{number}")
    read = client.at_once(*(("get", f"KEY{number}") for number in range(700)))
    assert read == [f"value-{number}" for number in range(700)]
    assert endpoint.connections <= 64


class SlowEndpoint(FakeEndpoint):
    """Answers a read of `KEY` once there is one of `MARK`."""

    def __init__(self) -> None:
        super().__init__()
        self._marked = threading.Event()

    def _respond(self, request: Request) -> Response:
        if request.target == "/v1/secrets/MARK":
            self._marked.set()
        if request.target == "/v1/secrets/KEY":
            self._marked.wait(PATIENCE)
        return super()._respond(request)


def test_last_request_wins() -> None:
    """A slow read that comes back after a refresh does not put the older value back."""
    with SlowEndpoint() as endpoint, NodeClient(endpoint.environ) as client:
        for alias, value in {"KEY": "old", "KEY?refresh=true": "new", "MARK": ""}.items():
            endpoint.serve(alias, value)
        assert client.at_once(("get", "KEY"), ("refreshAndMark", "KEY")) == ["old", "new"]
        assert client.get("KEY") == "new"
        assert len(endpoint.requests) == 3


def test_a_read_does_not_join_one_that_was_begun_before_a_refresh() -> None:
    """Though its value is not to be kept, as with a time to live of 0."""
    with SlowEndpoint() as endpoint, NodeClient(endpoint.environ) as client:
        for alias, value in {"KEY": "old", "KEY?refresh=true": "new", "MARK": ""}.items():
            endpoint.serve(alias, value, max_age=0)
        calls = ("get", "KEY"), ("refreshAndMark", "KEY"), ("get", "KEY")
        client.at_once(*calls)
        targets = [request.target for request in endpoint.requests]
        assert targets.count("/v1/secrets/KEY") == 2


def test_a_value_is_sent_again_only_where_it_has_changed(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """The value's entity tag goes along; where it is still right, the value lives on."""
    endpoint.serve("KEY", "value", max_age=100)
    client.get("KEY")
    client.now += 90

    assert [client.get("KEY") for _ in range(3)] == ["value"] * 3
    assert [r.headers["If-None-Match"] for r in endpoint.requests] == [None, '"1"']


def test_a_value_is_as_old_as_the_moment_it_was_asked_for(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """A process that was frozen while the answer was on its way does not count from its thaw."""
    endpoint.serve("KEY", "value", max_age=100)
    client.at_once(("get", "KEY"), ("freeze", "80"))
    client.now += 80

    client.get("KEY")

    assert len(endpoint.requests) == 2


def test_a_refresh_is_not_content_with_a_read_that_is_under_way(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """That one may be answered from the extension's memory."""
    endpoint.serve("KEY", "old")
    endpoint.serve("KEY?refresh=true", "new", version=2)

    assert client.at_once(("get", "KEY"), ("refresh", "KEY")) == ["old", "new"]


@pytest.mark.parametrize("port", ["0", "65536", "none", "0x1F90", "27.5", "1e3"])
def test_a_port_that_is_none_is_said_with_its_range(endpoint: FakeEndpoint, port: str) -> None:
    """The extension does not start with it either."""
    with (
        NodeClient(endpoint.environ | {"WARMKEY_PORT": port}) as client,
        pytest.raises(ReadFailed) as caught,
    ):
        client.get("KEY")
    assert caught.value.kind == "WarmkeyError"
    message = f"WARMKEY_PORT is '{port}'; it must be a whole number from 1 to 65535"
    assert caught.value.message == message

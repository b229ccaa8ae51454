"""An error of the client for Node.js says what happened and what to do, and never a value."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Delivery, Response
from tests.integration.node_client import NodeClient, ReadFailed
from tests.rapid.ports import ReservedPort

CANARY = "sk_live_canary"


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Iterator[NodeClient]:
    """A client with that endpoint's environment."""
    with NodeClient(endpoint.environ) as client:
        yield client


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "WarmkeyError"),
        (403, "AccessRefused"),
        (404, "SecretNotFound"),
        (431, "WarmkeyError"),
        (502, "UpstreamError"),
        (503, "UpstreamError"),
        (504, "UpstreamError"),
    ],
)
def test_a_refusal_carries_the_endpoints_reason_and_hint(
    endpoint: FakeEndpoint, client: NodeClient, status: int, kind: str
) -> None:
    """Each status is an error of its kind, whose message can be acted on."""
    endpoint.refuse("KEY", status, title="No", detail="It is so.", hint="Grant ssm:GetParameter.")

    with pytest.raises(ReadFailed) as caught:
        client.get("KEY")

    assert (caught.value.kind, caught.value.status) == (kind, status)
    assert caught.value.message == (
        f"Secret 'KEY': It is so. Grant ssm:GetParameter. (status {status})"
    )
    assert caught.value.shown.startswith(f"{kind}: Secret 'KEY': It is so.")


def test_the_list_of_all_is_refused_in_the_same_way(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """`getAll` has no alias to name."""
    endpoint.answer(
        "/v1/secrets", Response(502, b'{"detail": "It is so."}', "application/problem+json")
    )

    with pytest.raises(ReadFailed) as caught:
        client.call("getAll")
    assert caught.value.kind == "UpstreamError"
    assert caught.value.message == "The list of secrets: It is so. (status 502)"


def test_a_wrong_token_is_refused(endpoint: FakeEndpoint) -> None:
    """It is the endpoint that compares."""
    with (
        NodeClient(endpoint.environ | {"AWS_SESSION_TOKEN": "another"}) as client,
        pytest.raises(ReadFailed, match="AccessRefused"),
    ):
        client.get("KEY")


def test_an_endpoint_that_is_not_there_is_said_to_be_the_layers(free: ReservedPort) -> None:
    """The port, the variable that chooses it, and what is most likely the matter."""
    with (
        NodeClient({"WARMKEY_PORT": str(free.number)}) as client,
        pytest.raises(ReadFailed) as caught,
    ):
        client.get("KEY")

    assert (caught.value.kind, caught.value.status) == ("EndpointUnavailable", None)
    for part in (
        f"127.0.0.1:{free.number}",
        "ECONNREFUSED",
        "Is its layer attached",
        "WARMKEY_PORT",
    ):
        assert part in caught.value.message


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


def test_a_token_file_that_is_not_there_is_named(endpoint: FakeEndpoint, tmp_path: Path) -> None:
    """With the reason it can't be read."""
    variables = {"WARMKEY_PORT": str(endpoint.port), "WARMKEY_TOKEN_FILE": f"{tmp_path}/token"}
    with NodeClient(variables) as client, pytest.raises(ReadFailed) as caught:
        client.get("KEY")
    assert caught.value.kind == "AccessRefused"
    assert f"WARMKEY_TOKEN_FILE={tmp_path}/token: ENOENT" in caught.value.message


def wrong_kind(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """Binary where text is asked for."""
    endpoint.serve("KEY", b"\xff" + CANARY.encode())
    client.get("KEY")


def not_json(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """Text where JSON is asked for."""
    endpoint.serve("KEY", CANARY)
    client.call("getJson", "KEY")


def list_not_json(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """A list that is cut short."""
    endpoint.answer("/v1/secrets", Response(200, f'{{"KEY": "{CANARY}'.encode()))
    client.call("getAll")


def unexplained(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """A refusal whose body is no problem document."""
    endpoint.answer("/v1/secrets/KEY", Response(500, CANARY.encode(), "text/plain"))
    client.get("KEY")


def cut_short(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """A connection that breaks within the value."""
    endpoint.serve("KEY", CANARY * 2)
    endpoint.break_next(Delivery.TRUNCATED)
    client.get("KEY")


def mislabelled(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """An answer in a framing that Warmkey does not use."""
    endpoint.serve("KEY", CANARY)
    endpoint.break_next(Delivery.CHUNKED)
    client.get("KEY")


def lost(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """A value that expired, and an extension that died since."""
    endpoint.serve("KEY", CANARY, max_age=300)
    client.get("KEY")
    endpoint.close()
    client.now += 300
    client.get("KEY")


@pytest.mark.parametrize(
    "provoke", [wrong_kind, not_json, list_not_json, unexplained, cut_short, mislabelled, lost]
)
def test_no_error_shows_a_value_or_the_token(
    endpoint: FakeEndpoint,
    client: NodeClient,
    provoke: Callable[[FakeEndpoint, NodeClient], None],
) -> None:
    """Nor does the error behind it, however closely they are looked at."""
    with pytest.raises(ReadFailed) as caught:
        provoke(endpoint, client)

    assert caught.value.kind != "not one of Warmkey's"
    assert CANARY not in caught.value.shown
    assert endpoint.environ["AWS_SESSION_TOKEN"] not in caught.value.shown


def test_no_part_of_a_client_shows_a_value(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """Not even those that hold one."""
    endpoint.serve("KEY", CANARY)
    client.get("KEY")

    assert "getJson" in client.call("inspect")
    assert CANARY not in client.call("inspect")

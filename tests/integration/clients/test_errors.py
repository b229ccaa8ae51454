"""An error of a thin client says what happened and what to do, and never a value."""

from collections.abc import Callable

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Delivery, Response
from tests.integration.clients.thin_client import Connect, ReadFailed, ThinClient
from tests.rapid.ports import ReservedPort

CANARY = "sk_live_canary"


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
    endpoint: FakeEndpoint, client: ThinClient, status: int, kind: str
) -> None:
    """Each status is an error of its kind, whose message can be acted on."""
    endpoint.refuse("KEY", status, title="No", detail="It is so", hint="grant ssm:GetParameter")

    with pytest.raises(ReadFailed, match="It is so") as caught:
        client.get("KEY")

    assert (caught.value.kind, caught.value.status) == (kind, status)
    assert caught.value.message.endswith(f"grant ssm:GetParameter (status {status})")


def test_a_refusal_of_the_list_of_all_is_of_the_same_kind(
    endpoint: FakeEndpoint, client: ThinClient
) -> None:
    """The endpoint names the secret that is at fault."""
    endpoint.answer(
        "/v1/secrets", Response(502, b'{"detail": "It is so."}', "application/problem+json")
    )

    with pytest.raises(ReadFailed, match="It is so") as caught:
        client.get_all()
    assert caught.value.kind == "UpstreamError"


def test_a_wrong_token_is_refused(endpoint: FakeEndpoint, connect: Connect) -> None:
    """It is the endpoint that compares."""
    with (
        connect(endpoint.environ | {"AWS_SESSION_TOKEN": "another"}) as client,
        pytest.raises(ReadFailed, match="AccessRefused"),
    ):
        client.get("KEY")


def test_an_endpoint_that_is_not_there_is_said_to_be_the_layers(
    free: ReservedPort, connect: Connect
) -> None:
    """The port, the variable that chooses it, and what is most likely the matter."""
    with (
        connect({"WARMKEY_PORT": str(free.number)}) as client,
        pytest.raises(ReadFailed, match=r"Connection refused|ECONNREFUSED") as caught,
    ):
        client.get("KEY")

    assert (caught.value.kind, caught.value.status) == ("EndpointUnavailable", None)
    for part in (f"127.0.0.1:{free.number}", "Is its layer attached", "WARMKEY_PORT"):
        assert part in caught.value.message


def wrong_kind(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """Binary where text is asked for."""
    endpoint.serve("KEY", b"\xff" + CANARY.encode())
    client.get("KEY")


def not_json(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """Text where JSON is asked for."""
    endpoint.serve("KEY", CANARY)
    client.get_json("KEY")


def list_not_json(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """A list that is cut short."""
    endpoint.answer("/v1/secrets", Response(200, f'{{"KEY": "{CANARY}'.encode()))
    client.get_all()


def unexplained(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """A refusal whose body is no problem document."""
    endpoint.answer("/v1/secrets/KEY", Response(500, CANARY.encode(), "text/plain"))
    client.get("KEY")


def ill_explained(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """A refusal whose problem document is none."""
    response = Response(500, CANARY.encode(), "application/problem+json")
    endpoint.answer("/v1/secrets/KEY", response)
    client.get("KEY")


def cut_short(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """A connection that breaks within the value."""
    endpoint.serve("KEY", CANARY * 2)
    endpoint.break_next(Delivery.TRUNCATED)
    client.get("KEY")


def mislabelled(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """An answer in a framing that Warmkey does not use."""
    endpoint.serve("KEY", CANARY)
    endpoint.break_next(Delivery.CHUNKED)
    client.get("KEY")


def lost(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """A value that expired, and an extension that died since."""
    endpoint.serve("KEY", CANARY, max_age=300)
    client.get("KEY")
    endpoint.close()
    client.now += 300
    client.get("KEY")


@pytest.mark.parametrize(
    "provoke",
    [
        wrong_kind,
        not_json,
        list_not_json,
        unexplained,
        ill_explained,
        cut_short,
        mislabelled,
        lost,
    ],
)
def test_no_error_shows_a_value_or_the_token(
    endpoint: FakeEndpoint,
    client: ThinClient,
    provoke: Callable[[FakeEndpoint, ThinClient], None],
) -> None:
    """Nor do the errors behind it, nor tools that print the variables of each frame."""
    with pytest.raises(ReadFailed) as caught:
        provoke(endpoint, client)

    assert caught.value.kind != "not one of Warmkey's"
    assert caught.value.kind in caught.value.shown
    assert CANARY not in caught.value.shown
    assert endpoint.environ["AWS_SESSION_TOKEN"] not in caught.value.shown


def test_no_part_of_a_client_shows_a_value(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """Not even those that hold one."""
    endpoint.serve("KEY", CANARY)
    client.get("KEY")

    shown = client.inspect()

    assert "Client" in shown or "getJson" in shown
    assert CANARY not in shown

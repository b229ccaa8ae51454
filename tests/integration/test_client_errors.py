"""An error of the thin client says what happened and what to do, and never a value."""

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

import warmkey
from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.http_service import Delivery, Response
from tests.rapid.ports import ReservedPort
from warmkey import Client, WarmkeyError

CANARY = "sk_live_canary"


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Client:
    """A client with that endpoint's environment."""
    return Client(endpoint.environ)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, WarmkeyError),
        (403, warmkey.AccessRefused),
        (404, warmkey.SecretNotFound),
        (431, WarmkeyError),
        (502, warmkey.UpstreamError),
        (503, warmkey.UpstreamError),
        (504, warmkey.UpstreamError),
    ],
)
def test_a_refusal_carries_the_endpoints_reason_and_hint(
    endpoint: FakeEndpoint, client: Client, status: int, error: type[WarmkeyError]
) -> None:
    """Each status is an error of its kind, whose message can be acted on."""
    endpoint.refuse("KEY", status, title="No", detail="It is so", hint="grant ssm:GetParameter")

    with pytest.raises(WarmkeyError) as caught:
        client.get("KEY")

    assert type(caught.value) is error
    assert caught.value.status == status
    assert str(caught.value) == f"It is so; grant ssm:GetParameter (status {status})"


def test_the_list_of_all_is_refused_in_the_same_way(endpoint: FakeEndpoint, client: Client) -> None:
    """The endpoint names the secret that is at fault."""
    endpoint.answer(
        "/v1/secrets", Response(502, b'{"detail": "It is so."}', "application/problem+json")
    )

    with pytest.raises(warmkey.UpstreamError, match="It is so"):
        client.get_all()


def test_a_wrong_token_is_refused(endpoint: FakeEndpoint) -> None:
    """It is the endpoint that compares."""
    client = Client(endpoint.environ | {"AWS_SESSION_TOKEN": "another"})

    with pytest.raises(warmkey.AccessRefused):
        client.get("KEY")


def test_an_endpoint_that_is_not_there_is_said_to_be_the_layers(free: ReservedPort) -> None:
    """The port, the variable that chooses it, and what is most likely the matter."""
    client = Client({"WARMKEY_PORT": str(free.number)})

    with pytest.raises(warmkey.EndpointUnavailable) as caught:
        client.get("KEY")

    for part in (
        f"127.0.0.1:{free.number}",
        "Connection refused",
        "Is its layer attached",
        "WARMKEY_PORT",
    ):
        assert part in str(caught.value)


def test_a_token_file_that_is_not_there_is_named(endpoint: FakeEndpoint, tmp_path: Path) -> None:
    """With the reason it can't be read."""
    file = tmp_path / "token"
    client = Client({"WARMKEY_PORT": str(endpoint.port), "WARMKEY_TOKEN_FILE": str(file)})

    with pytest.raises(warmkey.AccessRefused, match=rf"WARMKEY_TOKEN_FILE={file}: No such file"):
        client.get("KEY")


def wrong_kind(endpoint: FakeEndpoint, client: Client) -> None:
    """Binary where text is asked for."""
    endpoint.serve("KEY", b"\xff" + CANARY.encode())
    client.get("KEY")


def not_json(endpoint: FakeEndpoint, client: Client) -> None:
    """Text where JSON is asked for."""
    endpoint.serve("KEY", CANARY)
    client.get_json("KEY")


def list_not_json(endpoint: FakeEndpoint, client: Client) -> None:
    """A list that is cut short."""
    endpoint.answer("/v1/secrets", Response(200, f'{{"KEY": "{CANARY}'.encode()))
    client.get_all()


def unexplained(endpoint: FakeEndpoint, client: Client) -> None:
    """A refusal whose body is no problem document."""
    endpoint.answer("/v1/secrets/KEY", Response(500, CANARY.encode(), "text/plain"))
    client.get("KEY")


def ill_explained(endpoint: FakeEndpoint, client: Client) -> None:
    """A refusal whose problem document is none."""
    response = Response(500, CANARY.encode(), "application/problem+json")
    endpoint.answer("/v1/secrets/KEY", response)
    client.get("KEY")


def cut_short(endpoint: FakeEndpoint, client: Client) -> None:
    """A connection that breaks within the value."""
    endpoint.serve("KEY", CANARY * 2)
    endpoint.break_next(Delivery.TRUNCATED)
    client.get("KEY")


def mislabelled(endpoint: FakeEndpoint, client: Client) -> None:
    """An answer in a framing that Warmkey does not use."""
    endpoint.serve("KEY", CANARY)
    endpoint.break_next(Delivery.CHUNKED)
    client.get("KEY")


def lost(endpoint: FakeEndpoint, _: Client) -> None:
    """A value that expired, and an extension that died since."""
    endpoint.serve("KEY", CANARY, max_age=300)
    client = Client(endpoint.environ, clock=iter([0.0, 300.0]).__next__)
    client.get("KEY")
    endpoint.close()
    client.get("KEY")


def is_ours(file: str) -> bool:
    """Whether a file is the client's."""
    return Path(file).is_relative_to(Path(warmkey.__file__).parent)


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
    endpoint: FakeEndpoint, client: Client, provoke: Callable[[FakeEndpoint, Client], None]
) -> None:
    """Nor do tools that print the variables of each frame, or the errors behind an error."""
    with pytest.raises(WarmkeyError) as caught:
        provoke(endpoint, client)

    error: BaseException | None = caught.value
    while error is not None:
        inside = error.__traceback__
        while inside and not is_ours(inside.tb_frame.f_code.co_filename):
            inside = inside.tb_next
        shown = traceback.TracebackException(
            type(error), error, inside, capture_locals=True, compact=True
        )
        text = "".join(shown.format(chain=False)) + repr(error) + repr(vars(error))
        assert CANARY not in text
        assert endpoint.environ["AWS_SESSION_TOKEN"] not in text
        error = error.__context__


def test_no_part_of_a_client_shows_a_value(endpoint: FakeEndpoint, client: Client) -> None:
    """Not even those that hold one."""
    endpoint.serve("KEY", CANARY)
    client.get("KEY")

    assert CANARY not in repr(client) + str(client) + repr(vars(client))

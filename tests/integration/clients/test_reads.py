"""A thin client reads values of every kind from an endpoint on a real socket."""

import json
import re

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import Response
from tests.integration.clients.thin_client import ReadFailed, ThinClient


@pytest.mark.parametrize("value", ["sk_test_1", "", "multi\r\n\r\nline", "ключ 🔑", "x" * 65536])
def test_a_text_is_read_as_it_is(endpoint: FakeEndpoint, client: ThinClient, value: str) -> None:
    """Empty, long, with blank lines, beyond ASCII: what is stored is what a handler gets."""
    endpoint.serve("KEY", value)

    assert client.get("KEY") == value


def test_a_binary_secret_is_read_as_bytes(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """`application/octet-stream` comes out of `get_bytes` unchanged."""
    endpoint.serve("KEYSTORE", bytes(range(256)))

    assert client.get_bytes("KEYSTORE") == bytes(range(256))


def test_a_text_is_read_as_bytes_in_utf_8(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """`get_bytes` is for any secret."""
    endpoint.serve("KEY", "ключ")

    assert client.get_bytes("KEY") == "ключ".encode()


def test_a_text_that_is_not_utf_8_comes_back_whole(
    endpoint: FakeEndpoint, client: ThinClient
) -> None:
    """An endpoint that mislabels bytes as text loses none of them."""
    endpoint.answer("/v1/secrets/KEY", Response(200, b"\xff\xfe", "text/plain; charset=utf-8"))

    assert client.get_bytes("KEY") == b"\xff\xfe"


def test_a_binary_secret_is_no_text(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """The error of `get` names the function that reads it."""
    endpoint.serve("KEYSTORE", b"\x00\x01")

    with pytest.raises(ReadFailed, match="Secret 'KEYSTORE' is binary: ") as caught:
        client.get("KEYSTORE")
    assert caught.value.kind == "SecretFormatError"
    assert re.search(r"\bget_?[bB]ytes\('KEYSTORE'\)", caught.value.message)


def test_json_is_decoded(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """`get_json` gives what the document holds, be it nothing."""
    endpoint.serve("DB", '{"user": "app", "ports": [5432]}')
    endpoint.serve("NOTHING", "null")

    assert client.get_json("DB") == {"user": "app", "ports": [5432]}
    assert client.get_json("NOTHING") is None


def test_a_caller_who_changes_decoded_json_changes_nobody_elses(
    endpoint: FakeEndpoint, client: ThinClient
) -> None:
    """Each call returns an object of its own, though the value is read once."""
    endpoint.serve("DB", '{"ports": [5432]}')

    client.get_json("DB")["ports"].clear()

    assert client.get_json("DB") == {"ports": [5432]}
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("value", ["sk_test_1", "", "[" * 100_000, b"\xff"])
def test_value_that_is_not_json_is_reported(
    endpoint: FakeEndpoint, client: ThinClient, value: str | bytes
) -> None:
    """Whatever the decoder trips over, the error is the same."""
    endpoint.serve("KEY", value)

    with pytest.raises(ReadFailed, match="Secret 'KEY' is not JSON") as caught:
        client.get_json("KEY")
    assert caught.value.kind == "SecretFormatError"


def test_all_declared_secrets_are_read_at_once(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """`get_all` is one request."""
    secrets = {"KEY": "sk_test_1", "db/password": "пароль"}
    endpoint.answer("/v1/secrets", Response(200, json.dumps(secrets).encode()))

    assert client.get_all() == secrets
    assert [request.target for request in endpoint.requests] == ["/v1/secrets"]


@pytest.mark.parametrize(
    ("alias", "target"),
    [
        ("STRIPE_SECRET_KEY", "/v1/secrets/STRIPE_SECRET_KEY"),
        ("db/password", "/v1/secrets/db/password"),
        ("/stripeSecretKey/live", "/v1/secrets//stripeSecretKey/live"),
        ("a b?c#d%e&f:3", "/v1/secrets/a%20b%3Fc%23d%25e%26f%3A3"),
        ("ключ", "/v1/secrets/%D0%BA%D0%BB%D1%8E%D1%87"),
        ("x\r\nHost: evil", "/v1/secrets/x%0D%0AHost%3A%20evil"),
    ],
)
def test_an_alias_is_percent_encoded_but_for_its_slashes(
    endpoint: FakeEndpoint, client: ThinClient, alias: str, target: str
) -> None:
    """Nothing in an alias can reach the query, the fragment or another header."""
    endpoint.serve(alias, "value")

    assert client.get(alias) == "value"
    assert endpoint.requests[0].target == target


def test_an_empty_alias_is_not_the_list_of_all(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """It is refused before anything is asked."""
    with pytest.raises(ReadFailed, match=r"alias is empty.*get_?[aA]ll") as caught:
        client.get("")
    assert caught.value.kind == "SecretNotFound"
    assert endpoint.requests == []


def test_a_request_names_the_loopback_host_it_goes_to(
    endpoint: FakeEndpoint, client: ThinClient
) -> None:
    """The endpoint refuses a `Host` that is not loopback's."""
    endpoint.serve("KEY", "value")

    client.get("KEY")

    assert endpoint.requests[0].headers["Host"] == f"127.0.0.1:{endpoint.port}"
    assert endpoint.requests[0].headers[TOKEN_HEADER] == endpoint.environ["AWS_SESSION_TOKEN"]

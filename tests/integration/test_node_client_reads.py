"""The thin client for Node.js reads values of every kind from an endpoint on a real socket."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.endpoint import TOKEN_HEADER, FakeEndpoint
from tests.fakes.http_service import Request, Response
from tests.integration.node_client import NodeClient, ReadFailed
from tests.patience import PATIENCE


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Iterator[NodeClient]:
    """A client with that endpoint's environment."""
    with NodeClient(endpoint.environ) as client:
        yield client


@pytest.mark.parametrize("value", ["sk_test_1", "", "multi\r\n\r\nline", "ключ 🔑", "x" * 65536])
def test_a_text_is_read_as_it_is(endpoint: FakeEndpoint, client: NodeClient, value: str) -> None:
    """Empty, long, with blank lines, beyond ASCII: what is stored is what a handler gets."""
    endpoint.serve("KEY", value)

    assert client.get("KEY") == value


def test_a_binary_secret_is_read_as_bytes(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """`application/octet-stream` comes out of `getBytes` unchanged."""
    endpoint.serve("KEYSTORE", bytes(range(256)))

    assert client.call("getBytes", "KEYSTORE") == bytes(range(256))


def test_a_text_is_read_as_bytes_in_utf_8(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """`getBytes` is for any secret."""
    endpoint.serve("KEY", "ключ")

    assert client.call("getBytes", "KEY") == "ключ".encode()


def test_a_caller_who_changes_bytes_changes_nobody_elses(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """Each call resolves to a copy of its own, though the value is read once."""
    endpoint.serve("KEYSTORE", b"\x01\x02")

    client.call("deface", "KEYSTORE")

    assert client.call("getBytes", "KEYSTORE") == b"\x01\x02"
    assert len(endpoint.requests) == 1


def test_a_text_that_is_not_utf_8_comes_back_whole(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """An endpoint that mislabels bytes as text loses none of them."""
    endpoint.answer("/v1/secrets/KEY", Response(200, b"\xff\xfe", "text/plain; charset=utf-8"))

    assert client.call("getBytes", "KEY") == b"\xff\xfe"


def test_a_binary_secret_is_no_text(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """The error of `get` names the function that reads it."""
    endpoint.serve("KEYSTORE", b"\x00\x01")

    with pytest.raises(ReadFailed) as caught:
        client.get("KEYSTORE")
    assert caught.value.kind == "SecretFormatError"
    assert caught.value.message == "Secret 'KEYSTORE' is binary: getBytes('KEYSTORE') reads it."


@pytest.mark.parametrize("value", ["", b"\x00\x01"])
def test_what_it_is_decides_what_read_resolves_to(
    endpoint: FakeEndpoint, client: NodeClient, value: str | bytes
) -> None:
    """A text, be it empty, or bytes."""
    endpoint.serve("KEY", value)

    assert client.call("read", "KEY") == value


def test_json_is_decoded(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """`getJson` gives what the document holds, be it nothing."""
    endpoint.serve("DB", '{"user": "app", "ports": [5432]}')
    endpoint.serve("NOTHING", "null")

    assert client.call("getJson", "DB") == {"user": "app", "ports": [5432]}
    assert client.call("getJson", "NOTHING") is None


@pytest.mark.parametrize("value", ["sk_test_1", "", "[" * 100_000, b"\xff"])
def test_what_is_not_json_is_said_to_be_none(
    endpoint: FakeEndpoint, client: NodeClient, value: str | bytes
) -> None:
    """Whatever the parser trips over, the error is the same."""
    endpoint.serve("KEY", value)

    with pytest.raises(ReadFailed) as caught:
        client.call("getJson", "KEY")
    assert caught.value.kind == "SecretFormatError"
    assert caught.value.message == "Secret 'KEY' is not JSON."


def test_all_declared_secrets_are_read_at_once(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """`getAll` is one request."""
    secrets = {"KEY": "sk_test_1", "db/password": "пароль"}
    endpoint.answer("/v1/secrets", Response(200, json.dumps(secrets).encode()))

    assert client.call("getAll") == secrets
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
    endpoint: FakeEndpoint, client: NodeClient, alias: str, target: str
) -> None:
    """Nothing in an alias can reach the query, the fragment or another header."""
    endpoint.serve(alias, "value")

    assert client.get(alias) == "value"
    assert endpoint.requests[0].target == target


def test_an_empty_alias_is_not_the_list_of_all(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """It is refused before anything is asked."""
    with pytest.raises(ReadFailed) as caught:
        client.get("")
    assert (caught.value.kind, "getAll" in caught.value.message) == ("SecretNotFound", True)
    assert endpoint.requests == []


@pytest.mark.parametrize(
    "variables",
    [
        {"WARMKEY_TOKEN": "t", "WARMKEY_TOKEN_FILE": "/nonexistent", "AWS_SESSION_TOKEN": "x"},
        {"WARMKEY_TOKEN": "", "AWS_SESSION_TOKEN": "t", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "x"},
        {"AWS_SESSION_TOKEN": "", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "t"},
    ],
)
def test_the_token_is_the_first_that_is_set(variables: dict[str, str]) -> None:
    """Warmkey's own, as a container may have a session of its own; empty means unset."""
    with FakeEndpoint(token="t") as endpoint:
        endpoint.serve("KEY", "value")
        with NodeClient({"WARMKEY_PORT": str(endpoint.port), **variables}) as client:
            assert client.get("KEY") == "value"


def test_the_token_may_be_in_a_file(tmp_path: Path) -> None:
    """A newline at its end is not part of it."""
    file = tmp_path / "token"
    file.write_text("t\n")
    with FakeEndpoint(token="t") as endpoint:
        endpoint.serve("KEY", "value", max_age=0)
        variables = {"WARMKEY_TOKEN_FILE": str(file), "AWS_SESSION_TOKEN": "x"}
        with NodeClient({"WARMKEY_PORT": str(endpoint.port), **variables}) as client:
            assert [client.get("KEY"), client.get("KEY")] == ["value", "value"]
        assert endpoint.connections == 1


@pytest.mark.parametrize("own", ["", " "])
def test_the_official_port_counts_where_warmkeys_own_is_unset(own: str) -> None:
    """Empty means unset."""
    with FakeEndpoint() as endpoint:
        endpoint.serve("KEY", "value")
        official = {"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(endpoint.port)}
        with NodeClient({**endpoint.environ, **official, "WARMKEY_PORT": own}) as client:
            assert client.get("KEY") == "value"


def test_a_request_names_the_loopback_host_it_goes_to(
    endpoint: FakeEndpoint, client: NodeClient
) -> None:
    """The endpoint refuses a `Host` that is not loopback's."""
    endpoint.serve("KEY", "value")

    client.get("KEY")

    assert endpoint.requests[0].headers["Host"] == f"127.0.0.1:{endpoint.port}"
    assert endpoint.requests[0].headers[TOKEN_HEADER] == endpoint.environ["AWS_SESSION_TOKEN"]


def test_the_token_of_the_start_is_kept(endpoint: FakeEndpoint, client: NodeClient) -> None:
    """A function that takes on another role may put its session token into its environment."""
    endpoint.serve("KEY", "value", max_age=0)
    client.at_once(("setToken", "token-of-another-role"))
    assert [client.get("KEY") for _ in range(2)] == ["value", "value"]
    assert len(endpoint.requests) == 2


def test_a_token_that_is_refused_gives_way_to_the_environment_s(endpoint: FakeEndpoint) -> None:
    """Once, as after a restore by SnapStart, which brings another; and from then on."""
    endpoint.serve("KEY", "value", max_age=0)
    with NodeClient({**endpoint.environ, "AWS_SESSION_TOKEN": "of-the-snapshot"}) as client:
        client.at_once(("setToken", endpoint.environ["AWS_SESSION_TOKEN"]))
        assert [client.get("KEY") for _ in range(2)] == ["value", "value"]
    assert len(endpoint.requests) == 3


def test_where_both_tokens_are_refused_the_error_says_so(endpoint: FakeEndpoint) -> None:
    """And shows neither; the one of the start is tried first again."""
    with NodeClient({**endpoint.environ, "AWS_SESSION_TOKEN": "token-one"}) as client:
        client.at_once(("setToken", "token-two"))
        for _ in range(2):
            with pytest.raises(ReadFailed) as caught:
                client.get("KEY")
            assert "neither the token that this process started with nor" in caught.value.message
            assert "token-" not in caught.value.shown
    told = [request.headers[TOKEN_HEADER] for request in endpoint.requests]
    assert told == ["token-one", "token-two"] * 2


def test_white_space_around_a_token_counts_nowhere(endpoint: FakeEndpoint) -> None:
    """As of a template's block of text."""
    endpoint.serve("KEY", "value")
    token = f" {endpoint.environ['AWS_SESSION_TOKEN']}\n"
    with NodeClient({**endpoint.environ, "AWS_SESSION_TOKEN": token}) as client:
        assert client.get("KEY") == "value"


def test_a_pipe_as_the_token_s_file_keeps_nobody_waiting(
    endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    """Though nobody writes to it."""
    os.mkfifo(tmp_path / "pipe")
    environ = {**endpoint.environ, "WARMKEY_TOKEN_FILE": str(tmp_path / "pipe")}
    with NodeClient(environ) as client, pytest.raises(ReadFailed) as caught:
        client.get("KEY")
    assert caught.value.kind == "AccessRefused"


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


def test_what_was_asked_for_last_counts() -> None:
    """A slow read that comes back after a refresh does not put the older value back."""
    with SlowEndpoint() as endpoint, NodeClient(endpoint.environ) as client:
        for alias, value in {"KEY": "old", "KEY?refresh=true": "new", "MARK": ""}.items():
            endpoint.serve(alias, value)
        assert client.at_once(("get", "KEY"), ("refreshAndMark", "KEY")) == ["old", "new"]
        assert client.get("KEY") == "new"
        assert len(endpoint.requests) == 3

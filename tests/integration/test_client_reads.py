"""The thin client reads values of every kind from an endpoint on a real socket."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.endpoint import TOKEN_HEADER, FakeEndpoint
from tests.fakes.http_service import Response
from tests.patience import PATIENCE
from warmkey import AccessRefused, Client, SecretFormatError, SecretNotFound


@pytest.fixture
def client(endpoint: FakeEndpoint) -> Client:
    """A client with that endpoint's environment."""
    return Client(endpoint.environ)


@pytest.mark.parametrize("value", ["sk_test_1", "", "multi\r\n\r\nline", "ключ 🔑", "x" * 65536])
def test_a_text_is_read_as_it_is(endpoint: FakeEndpoint, client: Client, value: str) -> None:
    """Empty, long, with blank lines, beyond ASCII: what is stored is what a handler gets."""
    endpoint.serve("KEY", value)

    assert client.get("KEY") == value


def test_a_binary_secret_is_read_as_bytes(endpoint: FakeEndpoint, client: Client) -> None:
    """`application/octet-stream` comes out of `get_bytes` unchanged."""
    endpoint.serve("KEYSTORE", bytes(range(256)))

    assert client.get_bytes("KEYSTORE") == bytes(range(256))


def test_a_text_is_read_as_bytes_in_utf_8(endpoint: FakeEndpoint, client: Client) -> None:
    """`get_bytes` is for any secret."""
    endpoint.serve("KEY", "ключ")

    assert client.get_bytes("KEY") == "ключ".encode()


def test_a_text_that_is_not_utf_8_comes_back_whole(endpoint: FakeEndpoint, client: Client) -> None:
    """An endpoint that mislabels bytes as text loses none of them."""
    endpoint.answer("/v1/secrets/KEY", Response(200, b"\xff\xfe", "text/plain; charset=utf-8"))

    assert client.get_bytes("KEY") == b"\xff\xfe"


def test_a_binary_secret_is_no_text(endpoint: FakeEndpoint, client: Client) -> None:
    """The error of `get` names the function that reads it."""
    endpoint.serve("KEYSTORE", b"\x00\x01")

    with pytest.raises(SecretFormatError, match=r"'KEYSTORE' is binary.*get_bytes\('KEYSTORE'\)"):
        client.get("KEYSTORE")


def test_json_is_decoded(endpoint: FakeEndpoint, client: Client) -> None:
    """`get_json` gives what the document holds."""
    endpoint.serve("DB", '{"user": "app", "ports": [5432]}')

    assert client.get_json("DB") == {"user": "app", "ports": [5432]}


def test_a_caller_who_changes_decoded_json_changes_nobody_elses(
    endpoint: FakeEndpoint, client: Client
) -> None:
    """Each call returns an object of its own, though the value is read once."""
    endpoint.serve("DB", '{"ports": [5432]}')

    client.get_json("DB")["ports"].clear()

    assert client.get_json("DB") == {"ports": [5432]}
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("value", ["sk_test_1", "", "[" * 100_000, b"\xff"])
def test_what_is_not_json_is_said_to_be_none(
    endpoint: FakeEndpoint, client: Client, value: str | bytes
) -> None:
    """Whatever the decoder trips over, the error is the same."""
    endpoint.serve("KEY", value)

    with pytest.raises(SecretFormatError, match="Secret 'KEY' is not JSON"):
        client.get_json("KEY")


def test_all_declared_secrets_are_read_at_once(endpoint: FakeEndpoint, client: Client) -> None:
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
    endpoint: FakeEndpoint, client: Client, alias: str, target: str
) -> None:
    """Nothing in an alias can reach the query, the fragment or another header."""
    endpoint.serve(alias, "value")

    assert client.get(alias) == "value"
    assert endpoint.requests[0].target == target


def test_an_empty_alias_is_not_the_list_of_all(endpoint: FakeEndpoint, client: Client) -> None:
    """It is refused before anything is asked."""
    with pytest.raises(SecretNotFound, match=r"alias is empty.*get_all"):
        client.get("")
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
        client = Client({"WARMKEY_PORT": str(endpoint.port), **variables})
        assert client.get("KEY") == "value"


def test_the_token_may_be_in_a_file(tmp_path: Path) -> None:
    """A newline at its end is not part of it."""
    file = tmp_path / "token"
    file.write_text("t\n")
    with FakeEndpoint(token="t") as endpoint:
        endpoint.serve("KEY", "value")
        variables = {"WARMKEY_TOKEN_FILE": str(file), "AWS_SESSION_TOKEN": "x"}
        client = Client({"WARMKEY_PORT": str(endpoint.port), **variables})
        assert client.get("KEY") == "value"


def test_the_token_is_looked_up_when_it_is_needed(endpoint: FakeEndpoint) -> None:
    """Under SnapStart credentials appear after the client was made, and they change."""
    endpoint.serve("KEY", "value")
    environ: dict[str, str] = {}
    client = Client(environ)

    environ.update(endpoint.environ)

    assert client.get("KEY") == "value"


def test_a_request_names_the_loopback_host_it_goes_to(
    endpoint: FakeEndpoint, client: Client
) -> None:
    """The endpoint refuses a `Host` that is not loopback's."""
    endpoint.serve("KEY", "value")

    client.get("KEY")

    assert endpoint.requests[0].headers["Host"] == f"127.0.0.1:{endpoint.port}"
    assert endpoint.requests[0].headers[TOKEN_HEADER] == endpoint.environ["AWS_SESSION_TOKEN"]


def test_the_token_of_the_start_is_kept(endpoint: FakeEndpoint) -> None:
    """A function that takes on another role may put its session token into its environment."""
    endpoint.serve("KEY", "value", max_age=0)
    environ = dict(endpoint.environ)
    client = Client(environ)

    environ["AWS_SESSION_TOKEN"] = "token-of-another-role"

    assert [client.get("KEY") for _ in range(2)] == ["value", "value"]
    assert len(endpoint.requests) == 2


def test_a_token_that_is_refused_gives_way_to_the_environment_s(endpoint: FakeEndpoint) -> None:
    """Once, as after a restore by SnapStart, which brings another; and from then on."""
    endpoint.serve("KEY", "value", max_age=0)
    environ = {**endpoint.environ, "AWS_SESSION_TOKEN": "token-of-the-snapshot"}
    client = Client(environ)

    environ.update(endpoint.environ)

    assert [client.get("KEY") for _ in range(2)] == ["value", "value"]
    assert len(endpoint.requests) == 3


def test_where_both_tokens_are_refused_the_error_says_so(endpoint: FakeEndpoint) -> None:
    """And shows neither; the one of the start is tried first again."""
    environ = {**endpoint.environ, "AWS_SESSION_TOKEN": "token-one"}
    client = Client(environ)
    environ["AWS_SESSION_TOKEN"] = "token-two"

    for _ in range(2):
        with pytest.raises(AccessRefused, match=r"neither the token that .* started with nor"):
            client.get("KEY")

    told = [request.headers[TOKEN_HEADER] for request in endpoint.requests]
    assert told == ["token-one", "token-two"] * 2


@pytest.mark.parametrize("name", ["WARMKEY_TOKEN", "AWS_SESSION_TOKEN"])
def test_white_space_around_a_token_counts_nowhere(endpoint: FakeEndpoint, name: str) -> None:
    """As of a template's block of text."""
    endpoint.serve("KEY", "value")
    token = f" {endpoint.environ['AWS_SESSION_TOKEN']}\n"
    assert Client({**endpoint.environ, "AWS_SESSION_TOKEN": "", name: token}).get("KEY") == "value"


def test_a_pipe_as_the_token_s_file_keeps_nobody_waiting(
    endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    """Though nobody writes to it."""
    os.mkfifo(tmp_path / "pipe")
    environ = {**endpoint.environ, "WARMKEY_TOKEN_FILE": str(tmp_path / "pipe")}
    with pytest.raises(AccessRefused):
        Client(environ).get("KEY")


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


def test_what_was_asked_for_last_counts(endpoint: FakeEndpoint, client: Client) -> None:
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

"""A thin client finds the token, and holds on to one that is right."""

import os
from pathlib import Path

import pytest

from tests.fakes.endpoint import FakeEndpoint
from tests.fakes.heads import TOKEN_HEADER
from tests.integration.clients.thin_client import Connect, ReadFailed, ThinClient


@pytest.mark.parametrize(
    "variables",
    [
        {"WARMKEY_TOKEN": "t", "WARMKEY_TOKEN_FILE": "/nonexistent", "AWS_SESSION_TOKEN": "x"},
        {"WARMKEY_TOKEN": "", "AWS_SESSION_TOKEN": "t", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "x"},
        {"AWS_SESSION_TOKEN": "", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "t"},
    ],
)
def test_the_token_is_the_first_that_is_set(connect: Connect, variables: dict[str, str]) -> None:
    """Warmkey's own, as a container may have a session of its own; empty means unset."""
    with FakeEndpoint(token="t") as endpoint:
        endpoint.serve("KEY", "value")
        with connect({"WARMKEY_PORT": str(endpoint.port), **variables}) as client:
            assert client.get("KEY") == "value"


def test_the_token_may_be_in_a_file(connect: Connect, tmp_path: Path) -> None:
    """A newline at its end is not part of it."""
    file = tmp_path / "token"
    file.write_text("t\n")
    with FakeEndpoint(token="t") as endpoint:
        endpoint.serve("KEY", "value", max_age=0)
        variables = {"WARMKEY_TOKEN_FILE": str(file), "AWS_SESSION_TOKEN": "x"}
        with connect({"WARMKEY_PORT": str(endpoint.port), **variables}) as client:
            assert [client.get("KEY"), client.get("KEY")] == ["value", "value"]


def test_a_token_file_that_is_not_there_is_named(
    endpoint: FakeEndpoint, connect: Connect, tmp_path: Path
) -> None:
    """With the reason it can't be read."""
    variables = {"WARMKEY_PORT": str(endpoint.port), "WARMKEY_TOKEN_FILE": f"{tmp_path}/token"}
    reason = rf"WARMKEY_TOKEN_FILE={tmp_path}/token: (No such file|ENOENT)"
    with connect(variables) as client, pytest.raises(ReadFailed, match=reason) as caught:
        client.get("KEY")
    assert caught.value.kind == "AccessRefused"


def test_a_pipe_as_the_token_s_file_keeps_nobody_waiting(
    endpoint: FakeEndpoint, connect: Connect, tmp_path: Path
) -> None:
    """Though nobody writes to it."""
    os.mkfifo(tmp_path / "pipe")
    environ = {**endpoint.environ, "WARMKEY_TOKEN_FILE": str(tmp_path / "pipe")}
    with connect(environ) as client, pytest.raises(ReadFailed, match="AccessRefused"):
        client.get("KEY")


@pytest.mark.parametrize("name", ["WARMKEY_TOKEN", "AWS_SESSION_TOKEN"])
def test_white_space_around_a_token_counts_nowhere(
    endpoint: FakeEndpoint, connect: Connect, name: str
) -> None:
    """As of a template's block of text."""
    endpoint.serve("KEY", "value")
    token = f" {endpoint.environ['AWS_SESSION_TOKEN']}\n"
    with connect({**endpoint.environ, "AWS_SESSION_TOKEN": "", name: token}) as client:
        assert client.get("KEY") == "value"


def test_a_token_is_sent_in_utf_8(connect: Connect) -> None:
    """As the extension expects it."""
    with FakeEndpoint(token="schl\u00fcssel".encode().decode("latin-1")) as endpoint:
        endpoint.serve("KEY", "value")
        variables = {"WARMKEY_PORT": str(endpoint.port), "WARMKEY_TOKEN": "schl\u00fcssel"}
        with connect(variables) as client:
            assert client.get("KEY") == "value"


def test_the_token_of_the_start_is_kept(endpoint: FakeEndpoint, client: ThinClient) -> None:
    """A function that takes on another role may put its session token into its environment."""
    endpoint.serve("KEY", "value", max_age=0)
    client.set_token("token-of-another-role")

    assert [client.get("KEY") for _ in range(2)] == ["value", "value"]
    assert len(endpoint.requests) == 2


def test_a_token_that_is_refused_gives_way_to_the_environment_s(
    endpoint: FakeEndpoint, connect: Connect
) -> None:
    """Once, as after a restore by SnapStart, which brings another; and from then on."""
    endpoint.serve("KEY", "value", max_age=0)
    with connect({**endpoint.environ, "AWS_SESSION_TOKEN": "token-of-the-snapshot"}) as client:
        client.set_token(endpoint.environ["AWS_SESSION_TOKEN"])
        assert [client.get("KEY") for _ in range(2)] == ["value", "value"]
    assert len(endpoint.requests) == 3


def test_a_read_whose_tokens_are_both_refused_says_so(
    endpoint: FakeEndpoint, connect: Connect
) -> None:
    """And shows neither; the one of the start is tried first again."""
    with connect({**endpoint.environ, "AWS_SESSION_TOKEN": "token-one"}) as client:
        client.set_token("token-two")
        for _ in range(2):
            with pytest.raises(ReadFailed, match="neither the token that ") as caught:
                client.get("KEY")
            assert caught.value.kind == "AccessRefused"
            assert "token-" not in caught.value.shown

    told = [request.headers[TOKEN_HEADER] for request in endpoint.requests]
    assert told == ["token-one", "token-two"] * 2

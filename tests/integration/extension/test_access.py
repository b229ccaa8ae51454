"""Who may ask the endpoint: a local process with the token, and nobody sent by somebody else."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.conftest import Start, serving
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient

KEY = "/v1/secrets/KEY"
GUARDED = [KEY, f"{KEY}?format=json", f"{KEY}?refresh=true", "/v1/secrets", "/v1/secrets/no"]


def put(aws: FakeAws) -> Mapping[str, str]:
    """One key."""
    aws.parameters.put("/key", "canary")
    return {"KEY": "/key"}


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with it."""
    with serving(layer, put, WARMKEY_TOKEN="a token of one's own") as running:
        yield running


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    """A file with a token, as another container finds it."""
    path = tmp_path / "token"
    path.write_text("first\n")
    return path


def given_by_file(start: Start, aws: FakeAws, token_file: Path) -> Daemon:
    """A daemon that accepts what is in the file."""
    aws.parameters.put("/key", "canary")
    return start(KEY="warmkey:/key", WARMKEY_TOKEN_FILE=str(token_file)).wait_until_ready()


@pytest.mark.parametrize("target", GUARDED)
@pytest.mark.parametrize("token", [None, "", "wrong", "canary", "tokén"])
def test_wrong_token_is_told_nothing(daemon: Daemon, target: str, token: str | None) -> None:
    """Not even which aliases there are; the problem says where the token is found."""
    given = token.encode() if token is not None else None
    answer = daemon.get(target, {TOKEN_HEADER: given})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:warmkey:problem:token"
    assert problem["hint"] == (
        "send the value of AWS_SESSION_TOKEN, AWS_CONTAINER_AUTHORIZATION_TOKEN, WARMKEY_TOKEN, "
        "whichever is set, or what is in WARMKEY_TOKEN_FILE"
    )
    assert problem["detail"].endswith("wrong" if token else "missing")


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1)])
def test_a_part_of_the_token_is_not_the_token(daemon: Daemon, cut: slice) -> None:
    """From either end."""
    assert daemon.get(KEY, {TOKEN_HEADER: daemon.token[cut]}).status_code == 403


@pytest.mark.parametrize(
    "name",
    [TOKEN_HEADER, TOKEN_HEADER.lower(), TOKEN_HEADER.upper(), "x-aws-PARAMETERS-secrets-Token"],
)
def test_the_header_s_name_may_be_in_any_case(daemon: Daemon, name: str) -> None:
    """As header names are."""
    lines = [f"GET {KEY} HTTP/1.1", "Host: localhost", f"{name}: {daemon.token}", "", ""]
    with RawClient(daemon.port) as client:
        assert client.ask("\r\n".join(lines).encode()).body == b"canary"


def test_duplicate_token_header_is_rejected(daemon: Daemon) -> None:
    """Even where both are right."""
    with RawClient(daemon.port) as client:
        answer = client.ask(daemon.request(KEY, f"{TOKEN_HEADER}: {daemon.token}"))
    assert answer.status == 403


def test_the_user_may_set_a_token_of_their_own(daemon: Daemon) -> None:
    """WARMKEY_TOKEN, beside the session token."""
    assert daemon.get(KEY, {TOKEN_HEADER: "a token of one's own"}).text == "canary"
    assert daemon.read("KEY") == "canary"


def test_a_token_may_lie_in_a_file(aws: FakeAws, start: Start, token_file: Path) -> None:
    """WARMKEY_TOKEN_FILE, whose last line break does not count."""
    daemon = given_by_file(start, aws, token_file)
    assert daemon.get(KEY, {TOKEN_HEADER: "first"}).text == "canary"


def test_a_token_s_file_may_be_rotated(aws: FakeAws, start: Start, token_file: Path) -> None:
    """Each new question is held against what the file holds then."""
    daemon = given_by_file(start, aws, token_file)
    assert daemon.get(KEY, {TOKEN_HEADER: "first"}).text == "canary"
    token_file.write_text("second")
    assert daemon.get(KEY, {TOKEN_HEADER: "second"}).text == "canary"
    assert daemon.get("/v1/secrets", {TOKEN_HEADER: "first"}).status_code == 403


@pytest.mark.parametrize("content", ["", "\n", None])
def test_a_token_s_file_that_holds_none_opens_nothing(
    aws: FakeAws, start: Start, token_file: Path, content: str | None
) -> None:
    """An empty token is not a token; the session token goes on to work."""
    daemon = given_by_file(start, aws, token_file)
    if content is None:
        token_file.unlink()
    else:
        token_file.write_text(content)
    assert daemon.get(KEY, {TOKEN_HEADER: None}).status_code == 403
    assert daemon.get(KEY, {TOKEN_HEADER: ""}).status_code == 403
    assert daemon.read("KEY") == "canary"


def test_a_token_s_file_that_is_missing_is_logged(
    aws: FakeAws, start: Start, token_file: Path
) -> None:
    """By the variable's name."""
    daemon = given_by_file(start, aws, token_file)
    token_file.unlink()
    daemon.get(KEY, {TOKEN_HEADER: "first"})
    assert (
        daemon.wait_for_line("WARMKEY_TOKEN_FILE can't be read")["reason"]
        == "No such file or directory"
    )
    daemon.get(KEY)
    unreadable = [each for each in daemon.logged("WARN") if "can't be read" in each["message"]]
    assert len(unreadable) == 1  # not once for each read


@pytest.mark.parametrize("target", [KEY, "/ping", "/v1/status"])
@pytest.mark.parametrize(
    "host",
    [
        "169.254.1.1",
        "attacker.example",
        "localhost.attacker.example",
        "127.0.0.2",
        "x@localhost",
        "",
    ],
)
def test_a_host_that_is_not_loopback_s_is_refused(daemon: Daemon, target: str, host: str) -> None:
    """A web page that had its name rebound to 127.0.0.1 learns nothing."""
    for port in ("", f":{daemon.port}"):
        answer = daemon.get(target, {"Host": host + port})
        assert answer.status_code == 403
        assert answer.json()["type"] == "urn:warmkey:problem:host"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
def test_every_name_of_loopback_is_taken(daemon: Daemon, host: str) -> None:
    """With a port, or without."""
    for port in ("", ":2773"):
        assert daemon.get(KEY, {"Host": host + port}).text == "canary"


def test_missing_host_is_told_nothing(daemon: Daemon) -> None:
    """HTTP/1.1 requires one."""
    lines = [f"GET {KEY} HTTP/1.1", f"{TOKEN_HEADER}: {daemon.token}", "", ""]
    with RawClient(daemon.port) as client:
        assert client.ask("\r\n".join(lines).encode()).status == 400


def test_duplicate_host_header_is_rejected(daemon: Daemon) -> None:
    """Even where the first is right."""
    with RawClient(daemon.port) as client:
        assert client.ask(daemon.request(KEY, "Host: attacker.example")).status == 400


@pytest.mark.parametrize("target", [KEY, "/ping", "/v1/status"])
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "x-forwarded-for"])
@pytest.mark.parametrize("value", ["10.0.0.1", "127.0.0.1", ""])
def test_forwarded_request_is_refused(daemon: Daemon, target: str, header: str, value: str) -> None:
    """Whatever the header holds: a function that can be made to fetch URLs is no way in."""
    answer = daemon.get(target, {header: value})
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:warmkey:problem:forwarded"


def test_the_status_needs_no_token_and_tells_no_value(daemon: Daemon) -> None:
    """States are for everyone in the sandbox, names upstream for who shows the token."""
    answer = daemon.get("/v1/status", {TOKEN_HEADER: None})
    assert answer.json()["secrets"]["KEY"]["state"] == "fresh"
    assert "/key" not in answer.text
    assert daemon.status()["secrets"]["KEY"]["name"] == "/key"
    assert "canary" not in answer.text


def test_missing_token_is_one_warning(api: FakeRuntimeApi, start: Start) -> None:
    """As with the long-lived keys of a user, which have no session token."""
    daemon = start(AWS_SESSION_TOKEN="", KEY="warmkey:/key").wait_until_ready()
    assert daemon.get(KEY, {TOKEN_HEADER: "any"}).status_code == 403
    api.shutdown()
    assert daemon.wait_for_end() == 0
    (warning,) = daemon.logged("WARN")
    assert "set WARMKEY_TOKEN or WARMKEY_TOKEN_FILE" in warning["message"]


def test_a_pipe_as_the_token_s_file_keeps_nobody_waiting(
    aws: FakeAws, start: Start, tmp_path: Path
) -> None:
    """It is said to be no file; other tokens go on to work."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    daemon = given_by_file(start, aws, pipe)
    assert daemon.get("/ping").text == "healthy"
    assert daemon.read("KEY") == "canary"
    assert daemon.get(KEY, {TOKEN_HEADER: "wrong"}).status_code == 403
    assert (
        daemon.wait_for_line("WARMKEY_TOKEN_FILE can't be read")["reason"]
        == "it is no regular file"
    )


def test_white_space_around_a_token_counts_nowhere(aws: FakeAws, start: Start) -> None:
    """As of a template's block of text."""
    aws.parameters.put("/key", "canary")
    daemon = start(KEY="warmkey:/key", WARMKEY_TOKEN=" canary-of-sixteen\n").wait_until_ready()
    assert daemon.get(KEY, {TOKEN_HEADER: "canary-of-sixteen"}).text == "canary"

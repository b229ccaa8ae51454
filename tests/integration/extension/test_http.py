"""The endpoint speaks HTTP/1.1: kept-alive connections, pipelines, old clients, broken ones."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import LOOPBACK
from tests.integration.conftest import serving
from tests.integration.daemon import Daemon
from tests.integration.raw_client import Answer, RawClient
from tests.patience import PATIENCE

KEY = "/v1/secrets/KEY"


def put(aws: FakeAws) -> Mapping[str, str]:
    """Two keys."""
    aws.parameters.put("/key", "canary")
    aws.parameters.put("/other", "canary-other")
    return {"KEY": "/key", "OTHER": "/other"}


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with both of them."""
    with serving(layer, put) as running:
        yield running


@pytest.fixture
def client(daemon: Daemon) -> Iterator[RawClient]:
    """A connection to it."""
    with RawClient(daemon.port) as connected:
        yield connected


def refused(client: RawClient, request: bytes) -> Answer:
    """The answer to a request that ends the connection, with a problem for its body."""
    answer = client.ask(request)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Connection"] == "close"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.body)["status"] == answer.status
    assert client.is_closed()
    return answer


def test_ping_says_that_it_is_healthy(daemon: Daemon) -> None:
    """Without a token."""
    answer = daemon.get("/ping", {TOKEN_HEADER: None})
    assert (answer.status_code, answer.text) == (200, "healthy")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_connection_is_kept_alive(daemon: Daemon, client: RawClient) -> None:
    """Whatever is asked, a problem of an alias included."""
    for target, status in ((KEY, 200), ("/ping", 200), ("/v1/secrets/no", 404), (KEY, 200)):
        answer = client.ask(daemon.request(target))
        assert answer.status == status
        assert answer.headers["Connection"] == "keep-alive"


def test_an_ordinary_client_is_served_on_one_connection(daemon: Daemon) -> None:
    """The standard library's own."""
    with closing(http.client.HTTPConnection(LOOPBACK, daemon.port, timeout=PATIENCE)) as connection:
        connection.connect()
        used = connection.sock
        for _ in range(3):
            connection.request("GET", KEY, headers={TOKEN_HEADER: daemon.token})
            with connection.getresponse() as response:
                assert response.read() == b"canary"
        assert connection.sock is used


def test_requests_may_be_sent_ahead(daemon: Daemon, client: RawClient) -> None:
    """They are answered in their order."""
    client.send(b"".join(daemon.request(target) for target in (KEY, "/v1/secrets/OTHER") * 50))
    bodies = [client.answer().body for _ in range(100)]
    assert bodies == [b"canary", b"canary-other"] * 50


def test_pipelined_request_behind_a_refused_one_is_not_answered(
    daemon: Daemon, client: RawClient
) -> None:
    """Nobody knows where it begins."""
    post = daemon.request().replace(b"GET", b"POST", 1)
    assert refused(client, post + daemon.request(KEY)).status == 405


def test_a_client_that_is_still_sending_hears_why_it_is_refused(client: RawClient) -> None:
    """The connection is not reset under the answer (RFC 9112, section 9.6)."""
    client.send(b"GET /" + b"x" * 2_000_000)
    assert client.answer().status == 414
    assert client.is_closed()


def test_a_request_may_come_in_pieces(daemon: Daemon, client: RawClient) -> None:
    """Each byte by itself; others are answered meanwhile."""
    for number in range(len(request := daemon.request(KEY))):
        client.send(request[number : number + 1])
        if number == 20:
            assert daemon.read("OTHER") == "canary-other"
    assert client.answer().body == b"canary"


def test_a_client_that_sends_no_more_is_answered_still(daemon: Daemon, client: RawClient) -> None:
    """A half-closed connection, as of `nc`."""
    client.send(daemon.request(KEY))
    client.end()
    assert client.answer().body == b"canary"
    assert client.is_closed()


def test_a_client_that_leaves_in_the_middle_of_a_request_harms_nobody(daemon: Daemon) -> None:
    """The next one is served."""
    with RawClient(daemon.port) as leaving:
        leaving.send(daemon.request(KEY)[:30])
    assert daemon.read("KEY") == "canary"


@pytest.mark.parametrize("line", ["Connection: close", "connection:CLOSE", "Connection: x, Close"])
def test_a_connection_ends_where_the_client_wants_it(
    daemon: Daemon, client: RawClient, line: str
) -> None:
    """With the answer, which says so too."""
    answer = client.ask(daemon.request(KEY, line))
    assert (answer.body, answer.headers["Connection"]) == (b"canary", "close")
    assert client.is_closed()


def test_http_1_0_ends_the_connection(daemon: Daemon, client: RawClient) -> None:
    """As its clients expect, even without a Host."""
    lines = [f"GET {KEY} HTTP/1.0", f"{TOKEN_HEADER}: {daemon.token}", "", ""]
    assert client.ask("\r\n".join(lines).encode()).body == b"canary"
    assert client.is_closed()


def test_http_1_0_may_ask_to_keep_it(daemon: Daemon, client: RawClient) -> None:
    """With `Connection: keep-alive`."""
    for _ in range(2):
        answer = client.ask(daemon.request(KEY, "Connection: keep-alive", version="HTTP/1.0"))
        assert (answer.body, answer.headers["Connection"]) == (b"canary", "keep-alive")


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get"])
def test_every_other_method_is_refused(daemon: Daemon, client: RawClient, method: str) -> None:
    """And the answer says which is allowed."""
    client.send(daemon.request(KEY).replace(b"GET", method.encode(), 1))
    answer = client.answer(to_head=method == "HEAD")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")
    assert client.is_closed()


@pytest.mark.parametrize("line", ["Content-Length: 1", "Transfer-Encoding: chunked"])
def test_a_body_is_refused(daemon: Daemon, client: RawClient, line: str) -> None:
    """It would be taken for the next request."""
    assert refused(client, daemon.request(KEY, line) + b"0").status == 400


def test_an_empty_body_is_none(daemon: Daemon, client: RawClient) -> None:
    """As some clients announce it with every request."""
    assert client.ask(daemon.request(KEY, "Content-Length: 0")).body == b"canary"


@pytest.mark.parametrize(
    "request_line",
    [
        "GET",
        "GET /ping",
        "GET /ping HTTP/2.0",
        "GET  /ping HTTP/1.1",
        "GET /ping HTTP/1.1 x",
        "GET ping HTTP/1.1",
        "GET /pi\tng HTTP/1.1",
        "\0 /ping HTTP/1.1",
        "",
    ],
)
def test_a_malformed_request_line_is_refused(client: RawClient, request_line: str) -> None:
    """With what it should be."""
    request = f"{request_line}\r\nHost: localhost\r\n\r\n".encode()
    assert refused(client, request).status == 400


@pytest.mark.parametrize(
    "line",
    ["no colon", ": no name", "na me: x", "name : x", " folded: x", "name: \0", "name: a\rb"],
)
def test_a_malformed_header_is_refused(daemon: Daemon, client: RawClient, line: str) -> None:
    """A header that two readers might take for two things is no header."""
    assert refused(client, daemon.request("/ping", line)).status == 400


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/secret", "/v1/secretsKEY", "/ping/", "/v1/status/"]
)
def test_a_path_that_is_not_there_is_not_found(
    daemon: Daemon, client: RawClient, path: str
) -> None:
    """The problem says what there is."""
    problem = json.loads(refused(client, daemon.request(path)).body)
    assert problem["status"] == 404
    assert "/v1/secrets/ALIAS" in problem["hint"]


@pytest.mark.parametrize("escape", ["%", "%4", "%zz", "%ff"])
def test_an_escape_that_is_none_is_refused(daemon: Daemon, client: RawClient, escape: str) -> None:
    """Rather than guessed at."""
    assert refused(client, daemon.request(f"/v1/secrets/KEY{escape}")).status == 400


@pytest.mark.parametrize("path", ["/ping", "/v1/status"])
def test_ping_and_status_take_no_parameters(daemon: Daemon, path: str) -> None:
    """None means anything there."""
    answer = daemon.get(f"{path}?verbose=true")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "the parameter 'verbose' is unknown; known here: none"


def padded(daemon: Daemon, length: int) -> bytes:
    """A request whose head has this length, the empty line at its end not counted."""
    bare = len(daemon.request(KEY, "X: "))
    return daemon.request(KEY, "X: " + "x" * (length + 4 - bare))


@pytest.mark.parametrize("cut", [1, 2, 3, 4])
def test_a_head_of_eight_kib_is_taken(daemon: Daemon, client: RawClient, cut: int) -> None:
    """Even where the empty line that ends it comes after the rest, or in pieces."""
    head = padded(daemon, 8192)
    client.send(head[:-cut])
    daemon.status()  # by now the first piece has been looked at
    assert client.ask(head[-cut:]).status == 200


def test_a_longer_head_is_refused(daemon: Daemon, client: RawClient) -> None:
    """By a single byte."""
    assert refused(client, padded(daemon, 8193)).status == 431


@pytest.mark.parametrize(
    ("start", "status"), [(b"GET /v1/secrets/", 414), (b"GET /ping HTTP/1.1\r\nX: ", 431)]
)
def test_a_head_without_an_end_is_refused(client: RawClient, start: bytes, status: int) -> None:
    """A request line or a header that never ends is held no longer than 8 KiB."""
    assert refused(client, start + b"x" * 8192).status == status

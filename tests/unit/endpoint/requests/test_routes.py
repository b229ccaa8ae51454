"""The local API: which request makes which query."""

from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.endpoint.requests.routes import Ping, ReadAll, ReadSecret, ReadStatus, route
from extension.endpoint.responses.problem import Problem, Refused
from tests.fakes.heads import TOKEN, head

aliases = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
pieces = st.sampled_from(
    ["/v1/secrets", "/v1/status", "/ping", "/", "A", "?", "format=json", "refresh=true", "&", "=",
     "%", "%2F", "%ff", "\xe9", "\0", " ", "\r\n", "Content-Length: 0"]
)  # fmt: skip
requests = st.lists(pieces, max_size=8).map("".join).map(head)


def ask(request: bytes) -> object:
    """The query that a request makes while `TOKEN` is accepted."""
    return route(request, lambda: [TOKEN])


def refused(request: bytes) -> Problem:
    """Why it makes none."""
    with pytest.raises(Refused) as refusal:
        ask(request)
    return refusal.value.problem


@pytest.mark.parametrize(
    ("target", "query"),
    [
        ("/v1/secrets/A", ReadSecret("A", False, False, "", True)),
        ("/v1/secrets/A?", ReadSecret("A", False, False, "", True)),
        ("/v1/secrets/A?format=text&refresh=false", ReadSecret("A", False, False, "", True)),
        ("/v1/secrets/A?format=json", ReadSecret("A", True, False, "", True)),
        ("/v1/secrets/A?refresh=true&format=json", ReadSecret("A", True, True, "", True)),
        ("/v1/secrets/A?refresh=true&refresh=true", ReadSecret("A", False, True, "", True)),
        ("/v1/secrets", ReadAll("json", True)),
        ("/v1/secrets/", ReadAll("json", True)),
        ("/v1/secrets?format=json", ReadAll("json", True)),
        ("/v1/secrets?format=dotenv", ReadAll("dotenv", True)),
        ("/v1/secrets/?format=shell", ReadAll("shell", True)),
        ("/v1/status", ReadStatus(keep_alive=True, authenticated=True)),
        ("/ping", Ping(keep_alive=True, authenticated=True)),
    ],
)
def test_each_path_makes_its_query(target: str, query: object) -> None:
    """As in the README's table."""
    assert ask(head(target)) == query


@given(aliases, st.sampled_from(["", "/"]))
def test_an_alias_is_percent_encoded_and_its_slashes_may_stay(alias: str, safe: str) -> None:
    """Any alias at all."""
    query = ask(head(f"/v1/secrets/{quote(alias, safe=safe)}"))
    assert isinstance(query, ReadSecret)
    assert query.alias == alias


def test_an_alias_may_stand_in_plain_utf_8() -> None:
    """As some clients send it."""
    query = ask(head("/v1/secrets/").replace(b"/v1/secrets/", "/v1/secrets/clé/%C3%A9".encode()))
    assert isinstance(query, ReadSecret)
    assert query.alias == "clé/é"


def test_etags_of_the_client_are_passed_on() -> None:
    """For the 304."""
    query = ask(head("/v1/secrets/A", {"If-None-Match": '"1-2", "3-4"'}))
    assert isinstance(query, ReadSecret)
    assert query.if_none_match == '"1-2", "3-4"'


@pytest.mark.parametrize(
    ("version", "connection", "keep_alive"),
    [
        ("HTTP/1.1", None, True),
        ("HTTP/1.1", "keep-alive", True),
        ("HTTP/1.1", "Close", False),
        ("HTTP/1.1", "te, close", False),
        ("HTTP/1.0", None, False),
        ("HTTP/1.0", "Keep-Alive", True),
        ("HTTP/1.0", "close", False),
    ],
)
def test_a_connection_lives_on_as_the_client_wants(
    version: str, connection: str | None, keep_alive: bool
) -> None:
    """RFC 9112 §9.3."""
    request = head("/ping", {"Connection": connection}, version=version)
    assert ask(request) == Ping(keep_alive, authenticated=True)


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/v1",
        "/v1/",
        "/v1/secret",
        "/v1/secretsA",
        "/V1/secrets",
        "/ping/",
        "/v1/status/",
        "//ping",
    ],
)
def test_another_path_is_not_found(target: str) -> None:
    """The hint says which there are."""
    problem = refused(head(target))
    assert (problem.status, problem.kind) == (404, "path")
    assert repr(target) in problem.detail
    assert "/v1/secrets/ALIAS" in problem.hint


@pytest.mark.parametrize(
    ("target", "detail"),
    [
        ("/v1/secrets/A?x=1", "'x' is unknown; known here: format, refresh"),
        ("/v1/secrets/A?Format=json", "'Format' is unknown"),
        ("/v1/secrets/A?&", "'' is unknown"),
        ("/v1/secrets/A?format=xml", "; it must be one of text, json"),
        ("/v1/secrets/A?format=shell", "; it must be one of text, json"),
        ("/v1/secrets/A?format", "; it must be one of text, json"),
        ("/v1/secrets/A?refresh=1", "; it must be one of false, true"),
        ("/v1/secrets?refresh=true", "'refresh' is unknown; known here: format"),
        ("/v1/secrets?format=text", "; it must be one of json, dotenv, shell"),
        ("/v1/secrets/A?format=json&format=text", "'format' is given twice"),
        ("/v1/status?x=1", "'x' is unknown; known here: none"),
        ("/ping?x", "'x' is unknown; known here: none"),
        ("/v1/secrets/%", "not followed by two hex digits"),
        ("/v1/secrets/%4", "not followed by two hex digits"),
        ("/v1/secrets/%zz", "not followed by two hex digits"),
        ("/v1/secrets/%+1", "not followed by two hex digits"),
        ("/v1/secrets/%ff", "not percent-encoded UTF-8"),
        ("/v1/secrets/%ED%A0%80", "not percent-encoded UTF-8"),
        ("/v1/secrets/\xff", "not percent-encoded UTF-8"),
        ("https://127.0.0.1/ping", "must begin with /"),
        ("*", "must begin with /"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_the_reason(target: str, detail: str) -> None:
    """Status 400, and what is allowed."""
    problem = refused(head(target))
    assert problem.status == 400
    assert detail in problem.detail


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "get", "X" * 1000])
def test_any_method_but_get_is_refused(method: str) -> None:
    """With the one that is allowed."""
    problem = refused(head("/ping", method=method))
    assert (problem.status, problem.headers) == (405, (("Allow", "GET"),))
    assert len(problem.detail) < 100


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Length": "1"},
        {"Content-Length": "x"},
        {"Transfer-Encoding": "chunked"},
        {"Transfer-Encoding": ""},
    ],
)
def test_a_request_with_a_body_is_refused(headers: dict[str, str]) -> None:
    """Else its body would be read as the next request."""
    problem = refused(head("/ping", headers))
    assert (problem.status, problem.detail) == (400, "a request can't have a body")


def test_an_empty_body_is_none() -> None:
    """Some clients send its length."""
    assert ask(head("/ping", {"Content-Length": "0"})) == Ping(keep_alive=True, authenticated=True)


def test_a_head_of_8_kib_is_read_and_a_longer_one_refused() -> None:
    """431, as its first line has ended; the connection's end is up to whoever answers."""
    fitting = head("/ping", {"X": ""})
    fitting += b"a" * (8192 - len(fitting))
    assert ask(fitting) == Ping(keep_alive=True, authenticated=True)
    assert refused(fitting + b"a").status == 431


def test_a_target_of_more_than_8_kib_is_refused() -> None:
    """414, as the first line has no end."""
    assert refused(b"GET /" + b"a" * 8192).status == 414


def test_malformed_request_is_refused() -> None:
    """Status 400."""
    assert refused(b"\x16\x03\x01").status == 400


@given(st.binary(max_size=100) | requests)
def test_any_bytes_make_a_query_or_are_refused(request: bytes) -> None:
    """Nothing else is raised."""
    with suppress(Refused):
        assert isinstance(ask(request), ReadSecret | ReadAll | ReadStatus | Ping)

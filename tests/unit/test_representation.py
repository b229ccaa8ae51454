"""How a secret looks in an answer."""

import base64
import json

import pytest

from extension.cache.cache import State
from extension.endpoint.representation import (
    Secret,
    all_as_json,
    as_json,
    bare,
    iso8601,
    unless_held,
)
from extension.http.messages import Response, build_response
from extension.sources.outcome import Found

T = 1_700_000_000.25
FOUND = Found("/a", "välue", "3", "SecureString", "arn:a", 1_600_000_000.4)


def secret(
    value: str | bytes = "välue", state: State = State.FRESH, found: Found = FOUND
) -> Secret:
    """A secret that was fetched at T with a TTL of 300 seconds."""
    return Secret("A", value, found, state, T, T + 300)


def headers(response: Response) -> dict[str, str]:
    """Its headers, by name."""
    return dict(response.headers)


def test_a_bare_value_is_utf_8_text() -> None:
    """To the last byte."""
    response = bare(secret(), T)
    assert (response.status, response.body) == (200, "välue".encode())
    assert headers(response)["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("version", ["a,b", 'a"', "é", "a\r\nb", "\u2028"])
def test_a_version_of_any_text_has_an_etag(version: str) -> None:
    """Whoever writes a secret chooses its version's id."""
    found = Found("a", "value", version, "SecretString", "arn:a", 0)
    response = bare(secret(found=found), T)
    build_response(response)
    assert unless_held(response, f'"x", {headers(response)["ETag"]}').status == 304


def test_a_bare_binary_value_is_its_bytes() -> None:
    """As an octet stream."""
    response = bare(secret(b"\0\xff"), T)
    assert (response.status, response.body) == (200, b"\0\xff")
    assert headers(response)["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("later", "age", "left"),
    [
        (0, "0", 300),
        (0.9, "0", 299),
        (1, "1", 299),
        (299.5, "299", 0),
        (300, "300", 0),
        (4000, "4000", 0),
    ],
)
def test_age_and_max_age_are_in_whole_seconds(later: float, age: str, left: int) -> None:
    """So that a cache holds it no longer than the endpoint would."""
    for response in (bare(secret(), T + later), as_json(secret(), T + later)):
        assert headers(response)["Age"] == age
        assert headers(response)["Cache-Control"] == f"private, max-age={left}"


def test_a_clock_that_jumps_back_makes_no_value_younger_than_zero() -> None:
    """Nor good for longer than its TTL."""
    response = bare(secret(), T - 1000)
    assert headers(response)["Age"] == "0"
    assert headers(response)["Cache-Control"] == "private, max-age=300"


@pytest.mark.parametrize("state", [State.FRESH, State.STALE])
def test_the_state_is_told(state: State) -> None:
    """A stale value says so."""
    assert headers(bare(secret(state=state), T))["Warmkey-State"] == state.value


@pytest.mark.parametrize(
    "held",
    ['"3-1600000000"', 'W/"3-1600000000"', '"x", "3-1600000000"', '"x" , W/"3-1600000000"', "*"],
)
def test_what_the_client_holds_is_not_sent_again(held: str) -> None:
    """304, with what lets it go on holding it (RFC 9110 §15.4.5)."""
    for form in (bare, as_json):
        response = unless_held(form(secret(), T), held)
        assert (response.status, response.body) == (304, b"")
        assert headers(response).keys() == {"ETag", "Age", "Cache-Control", "Warmkey-State"}
        assert headers(response)["ETag"] == '"3-1600000000"'


@pytest.mark.parametrize("held", ["", '"2-1600000000"', "3-1600000000", '"3"', '"3-16000000001"'])
def test_what_the_client_does_not_hold_is_sent(held: str) -> None:
    """Another version, or a tag that is none of ours."""
    response = bare(secret(), T)
    assert unless_held(response, held) is response


def test_what_is_no_value_is_always_sent() -> None:
    """An error has no ETag, whatever the client claims to hold."""
    assert unless_held(Response(502, ()), "*").status == 502


def test_a_new_version_and_a_name_used_again_have_etags_of_their_own() -> None:
    """A name that was deleted begins at version 1 again."""
    other = Found("/a", "v", "4", "String", "arn:a", 1_600_000_000.4)
    again = Found("/a", "v", "3", "String", "arn:a", 1_600_000_060.4)
    responses = [bare(secret(found=found), T) for found in (FOUND, other, again)]
    assert len({headers(response)["ETag"] for response in responses}) == 3


def test_as_json_everything_about_a_value_is_told() -> None:
    """Times are ISO 8601."""
    response = as_json(secret(), T)
    assert response.status == 200
    assert headers(response)["Content-Type"] == "application/json"
    assert headers(response)["ETag"] == '"3-1600000000"'
    assert json.loads(response.body) == {
        "alias": "A",
        "name": "/a",
        "value": "välue",
        "version": "3",
        "type": "SecureString",
        "arn": "arn:a",
        "fetchedAt": "2023-11-14T22:13:20.250Z",
        "expiresAt": "2023-11-14T22:18:20.250Z",
    }


def test_as_json_a_binary_value_is_in_base64() -> None:
    """Under a name of its own, so that nobody takes it for text."""
    body = json.loads(as_json(secret(b"\0\xff" * 100), T).body)
    assert base64.b64decode(body["valueBase64"], validate=True) == b"\0\xff" * 100
    assert "value" not in body


def test_all_as_json_is_the_values_by_alias() -> None:
    """Never cached, as they expire apart."""
    response = all_as_json({"A": "ä\n", "b/c": b"\xff"})
    assert response.status == 200
    assert json.loads(response.body) == {"A": "ä\n", "b/c": "/w=="}
    assert headers(response) == {"Content-Type": "application/json", "Cache-Control": "no-store"}


def test_all_of_nothing_is_an_empty_object() -> None:
    """Not an error."""
    assert all_as_json({}).body == b"{}"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1970-01-01T00:00:00.000Z"), (1_700_000_000.9999, "2023-11-14T22:13:20.999Z")],
)
def test_a_moment_is_iso_8601_with_milliseconds(seconds: float, text: str) -> None:
    """In UTC."""
    assert iso8601(seconds) == text


def test_the_repr_shows_no_value() -> None:
    """Neither the field nor where it came from."""
    found = Found("/a", "canary", "3", "String", "arn:a", 0)
    assert "canary" not in repr(secret("canary", found=found))

"""How a secret looks in an answer."""

import base64
import json

import pytest

from extension.cache.entry import Entry, State
from extension.endpoint.responses.representation import Secret, as_json, bare, iso8601, tagged
from extension.http.messages import Response, build_response
from extension.sources.responses.outcome import Found

T = 1_700_000_000.25
FOUND = Found("/a", "välue", "3", "SecureString", "arn:a", 1_600_000_000.4)


def secret(
    value: str | bytes = "välue", state: State = State.FRESH, found: Found = FOUND
) -> Secret:
    """A secret that was fetched at T with a TTL of 300 seconds."""
    return Secret("A", value, found, Entry(found, state, T, T + 300))


def headers(response: Response) -> dict[str, str]:
    """Its headers, by name."""
    return dict(response.headers)


def test_a_bare_value_is_utf_8_text() -> None:
    """To the last byte."""
    response = bare(secret(), T)
    assert (response.status, response.body) == (200, "välue".encode())
    assert headers(response)["Content-Type"] == "text/plain; charset=utf-8"


def test_a_bare_binary_value_is_its_bytes() -> None:
    """As an octet stream."""
    response = bare(secret(b"\0\xff"), T)
    assert (response.status, response.body) == (200, b"\0\xff")
    assert headers(response)["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("later", "age"),
    [(0, "0"), (0.9, "0"), (1, "1"), (299.5, "299"), (300, "300"), (4000, "4000")],
)
def test_the_lifetime_is_the_whole_of_it_and_age_has_passed(later: float, age: str) -> None:
    """A cache subtracts the one from the other (RFC 9111 §4.2)."""
    for response in (bare(secret(), T + later), as_json(secret(), T + later)):
        assert headers(response)["Age"] == age
        assert headers(response)["Cache-Control"] == "private, max-age=300"


def test_a_clock_that_jumps_back_makes_no_value_younger_than_zero() -> None:
    """Nor good for longer than its TTL."""
    response = bare(secret(), T - 1000)
    assert headers(response)["Age"] == "0"
    assert headers(response)["Cache-Control"] == "private, max-age=300"


@pytest.mark.parametrize("state", [State.FRESH, State.STALE])
def test_the_state_is_told(state: State) -> None:
    """A stale value says so."""
    assert headers(bare(secret(state=state), T))["Warmkey-State"] == state.value


KEY = b"key"


def tag(response: Response, key: bytes = KEY) -> str:
    """Its ETag."""
    return headers(tagged(response, "", key))["ETag"]


@pytest.mark.parametrize("held", ["{}", "W/{}", '"x", {}', '"x" , W/{}', "*"])
def test_representation_that_the_client_holds_is_not_sent_again(held: str) -> None:
    """304, with what lets it go on holding it (RFC 9110 §15.4.5)."""
    for form in (bare, as_json):
        response = form(secret(), T)
        again = tagged(response, held.format(tag(response)), KEY)
        assert (again.status, again.body) == (304, b"")
        assert headers(again).keys() == {"ETag", "Age", "Cache-Control", "Warmkey-State"}
        assert headers(again)["ETag"] == tag(response)
        build_response(again)


def test_representation_that_the_client_lacks_is_sent() -> None:
    """Another value, or a tag that is none of ours."""
    response = bare(secret(), T)
    known = tag(response)
    for held in ("", tag(bare(secret("other"), T)), known.strip('"'), f'{known[:-2]}"'):
        assert tagged(response, held, KEY).status == 200


def test_error_is_always_sent() -> None:
    """An error has no ETag, whatever the client claims to hold."""
    response = Response(502, ())
    assert tagged(response, "*", KEY) is response


def test_an_etag_is_equal_for_equal_bytes_alone() -> None:
    """A name that was deleted begins at version 1 again, and maybe within the same second."""
    again = Found("/a", "v", "3", "SecureString", "arn:a", 1_600_000_000.4)
    same = Found("/a", "välue", "4", "String", "arn:b", 0)
    assert tag(bare(secret("v", found=again), T)) != tag(bare(secret(), T))
    assert tag(bare(secret(found=same), T + 9)) == tag(bare(secret(), T))
    assert tag(as_json(secret(), T)) != tag(bare(secret(), T))


def test_an_etag_tells_nothing_of_a_value() -> None:
    """Whoever sees no more of a response, such as a log of headers, can't try values."""
    assert tag(bare(secret(), T), b"another") != tag(bare(secret(), T))


def test_json_format_tells_everything_about_a_value() -> None:
    """Times are ISO 8601."""
    response = as_json(secret(), T)
    assert response.status == 200
    assert headers(response)["Content-Type"] == "application/json"
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


def test_binary_value_is_in_base64_in_the_json_format() -> None:
    """Under a name of its own, so that nobody takes it for text."""
    body = json.loads(as_json(secret(b"\0\xff" * 100), T).body)
    assert base64.b64decode(body["valueBase64"], validate=True) == b"\0\xff" * 100
    assert "value" not in body


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

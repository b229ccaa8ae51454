"""How the endpoint answers the read of one secret."""

import base64
import datetime
import re
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.integration.conftest import serving
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient

ALIASES = ["db/password", "späße", "a b", "100%", "a?b=c&d", "#1", "雪", "+", "..", "%41"]
VALUES = {
    "plain": "canary",
    "unicode": "canary äöü € 😀",
    "lines": "canary\r\nHTTP/1.1 200 OK\r\n\r\nsmuggled\n",
    "spaces": "  canary\t ",
    "nul": "canary\0",
}
BINARY = b"canary\x00\xff\xfe" + bytes(range(256))


def put(aws: FakeAws) -> Mapping[str, str]:
    """Values of every kind, and aliases of every kind."""
    for name, value in VALUES.items():
        aws.parameters.put(f"/{name}", value)
    aws.parameters.put("/versioned", "canary-1", "String")
    aws.parameters.put("/versioned", "canary-2", "String", labels=["stable"])
    aws.secrets.put("binary", BINARY)
    aws.secrets.put("text", '{"user": "canary", "port": 5432, "deep": {"er": [1, true]}}')
    return {
        **dict.fromkeys(ALIASES, "/plain"),
        **{name: f"/{name}" for name in VALUES},
        "versioned": "/versioned:stable",
        "binary": "secretsmanager:binary",
        "text": "secretsmanager:text",
        "user": "secretsmanager:text#user",
        "port": "secretsmanager:text#port",
        "deep": "secretsmanager:text#deep.er",
    }


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with all of them."""
    with serving(layer, put) as running:
        yield running


@pytest.mark.parametrize("name", VALUES)
def test_a_value_comes_as_it_is(daemon: Daemon, name: str) -> None:
    """As UTF-8 text, to the last byte, whatever it holds."""
    answer = daemon.get(f"/v1/secrets/{name}")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content == VALUES[name].encode()


def test_a_binary_secret_comes_as_bytes(daemon: Daemon) -> None:
    """As they are, and said to be bytes."""
    answer = daemon.get("/v1/secrets/binary")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.content == BINARY


@pytest.mark.parametrize(
    ("alias", "value"), [("user", "canary"), ("port", "5432"), ("deep", "[1,true]")]
)
def test_a_field_comes_by_itself(daemon: Daemon, alias: str, value: str) -> None:
    """Text as it is, anything else as JSON."""
    assert daemon.read(alias) == value


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_percent_encoded(daemon: Daemon, alias: str) -> None:
    """With hexadecimal digits in upper or lower case."""
    whole = urllib.parse.quote(alias, safe="")
    for quoted in (whole, re.sub("%..", lambda octet: octet[0].lower(), whole)):
        with RawClient(daemon.port) as client:
            answer = client.ask(daemon.request(f"/v1/secrets/{quoted}"))
        assert (answer.status, answer.body) == (200, b"canary")


def test_a_slash_in_an_alias_may_stay(daemon: Daemon) -> None:
    """As in `db/password`."""
    assert daemon.read("db/password") == "canary"


def test_json_tells_all_about_a_value(daemon: Daemon) -> None:
    """Its origin and its times, beside the value."""
    answer = daemon.get("/v1/secrets/versioned?format=json")
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    fetched, expires = (
        datetime.datetime.fromisoformat(body.pop(key)) for key in ("fetchedAt", "expiresAt")
    )
    began, millisecond = daemon.status()["startedAt"], 0.001
    assert began - millisecond <= fetched.timestamp() <= time.time() + millisecond
    assert expires - fetched == datetime.timedelta(seconds=300)
    assert body == {
        "alias": "versioned",
        "name": "/versioned",
        "value": "canary-2",
        "version": "2",
        "type": "String",
        "arn": "arn:aws:ssm:eu-west-1:123456789012:parameter/versioned",
    }


def test_the_times_of_json_have_milliseconds_and_a_z(daemon: Daemon) -> None:
    """As in the bodies of AWS's extension."""
    body = daemon.get("/v1/secrets/plain?format=json").json()
    for key in ("fetchedAt", "expiresAt"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", body[key])


def test_json_of_a_binary_secret_has_it_in_base64(daemon: Daemon) -> None:
    """Under a name of its own, so that nobody takes it for text."""
    body = daemon.get("/v1/secrets/binary?format=json").json()
    assert base64.b64decode(body["valueBase64"], validate=True) == BINARY
    assert "value" not in body
    assert body["type"] == "SecretBinary"


@pytest.mark.parametrize("target", ["/v1/secrets/plain", "/v1/secrets/plain?format=json"])
def test_a_value_says_how_long_it_may_be_kept(daemon: Daemon, target: str) -> None:
    """ETag, Age, Cache-Control and Warmkey-State, in both forms."""
    answer = daemon.get(target)
    assert 0 <= int(answer.headers["Age"]) < 300
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert answer.headers["Warmkey-State"] == "fresh"
    assert re.fullmatch(r'"[0-9a-f]{32}"', answer.headers["ETag"])


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"other",{} ', "*"])
def test_a_client_that_holds_the_value_is_told_so(daemon: Daemon, form: str) -> None:
    """304, without a body, with the headers that a cache renews its entry by."""
    etag = daemon.get("/v1/secrets/plain").headers["ETag"]
    answer = daemon.get("/v1/secrets/plain", {"If-None-Match": form.format(etag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert {"Age", "Cache-Control", "Warmkey-State"} <= answer.headers.keys()
    assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("form", ['"other"', "", "1-0", "nonsense"])
def test_a_client_that_holds_another_value_gets_this_one(daemon: Daemon, form: str) -> None:
    """Whatever it sends."""
    answer = daemon.get("/v1/secrets/plain", {"If-None-Match": form})
    assert (answer.status_code, answer.text) == (200, "canary")


@pytest.mark.parametrize("alias", ["gone", "PLAIN", "plain/", "/plain", "pla%00in", "plain%20"])
def test_an_alias_that_nothing_declares_is_not_found(daemon: Daemon, alias: str) -> None:
    """The problem lists what there is, and how to declare more."""
    answer = daemon.get(f"/v1/secrets/{alias}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:warmkey:problem:alias"
    assert "declared here: db/password, " in problem["detail"]
    assert "warmkey.json" in problem["hint"]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("format=xml", "format is 'xml'; it must be one of text, json"),
        ("format=", "format is ''; it must be one of text, json"),
        ("refresh=1", "refresh is '1'; it must be one of false, true"),
        ("fromat=json", "the parameter 'fromat' is unknown; known here: format, refresh"),
        ("format=json&format=text", "the parameter 'format' is given twice, with different values"),
        ("refresh=%ff", "the request target is not percent-encoded UTF-8"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(daemon: Daemon, query: str, detail: str) -> None:
    """It says which are known: a slip is not ignored."""
    answer = daemon.get(f"/v1/secrets/plain?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"] == detail


@pytest.mark.parametrize("query", ["?", "?format=text", "?refresh=false&format=text"])
def test_the_defaults_may_be_spelled_out(daemon: Daemon, query: str) -> None:
    """Or the question mark may stand alone."""
    assert daemon.get(f"/v1/secrets/plain{query}").text == "canary"

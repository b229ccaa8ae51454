"""Parameters through the API of AWS's Parameters and Secrets extension."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import Deny
from tests.integration.conftest import Start, serving
from tests.integration.daemon import Daemon

GET = "/systemsmanager/parameters/get"
DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter"
PUBLIC = "/aws/service/global-infrastructure/regions/eu-west-1/longName"
REFERENCE = "/aws/reference/secretsmanager/prod/db"


def put(aws: FakeAws) -> Mapping[str, str]:
    """Parameters of every kind; only `/app/declared` is declared."""
    aws.parameters.put("/app/secure", "canary-1")
    aws.parameters.put("/app/secure", "canary-2", labels=["stable"])
    aws.parameters.put("/app/secure", "canary-3")
    aws.parameters.put("/app/list", "a,b", "StringList")
    aws.parameters.put("plain", "text", "String")
    aws.parameters.put(PUBLIC, "Europe (Ireland)", "String")
    aws.secrets.put("prod/db", "canary-secret")
    aws.parameters.put("/app/declared", "canary-declared")
    return {"declared": "/app/declared"}


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with all of them."""
    with serving(layer, put) as running:
        yield running


def parameter(daemon: Daemon, query: str, path: str = GET) -> dict[str, Any]:
    """The parameter that a query is answered with, whose body must have the right shape."""
    answer = daemon.get(f"{path}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert list(body) == ["Parameter", "ResultMetadata"]
    assert body["ResultMetadata"] == {}
    found: dict[str, Any] = body["Parameter"]
    return found


def test_the_body_has_every_key(daemon: Daemon) -> None:
    """Null where there is nothing; the date is ISO 8601 with milliseconds and Z."""
    found = parameter(daemon, "name=/app/secure&withDecryption=true")
    assert re.fullmatch(DATE, found.pop("LastModifiedDate"))
    assert found == {
        "ARN": f"{ARN}/app/secure",
        "DataType": "text",
        "Name": "/app/secure",
        "Selector": None,
        "SourceResult": None,
        "Type": "SecureString",
        "Value": "canary-3",
        "Version": 3,
    }


@pytest.mark.parametrize("path", [GET, f"{GET}/"])
@pytest.mark.parametrize("name", ["/app/list", "%2Fapp%2Flist", "%2fapp/list", f"{ARN}/app/list"])
def test_a_name_is_taken_encoded_or_raw_on_both_paths(daemon: Daemon, path: str, name: str) -> None:
    """An ARN, too."""
    found = parameter(daemon, f"name={name}", path)
    assert (found["Name"], found["Type"], found["Value"]) == ("/app/list", "StringList", "a,b")


def test_an_arn_may_be_encoded_whole(daemon: Daemon) -> None:
    """With its version."""
    arn = quote(f"{ARN}/app/secure:2", safe="")
    found = parameter(daemon, f"withDecryption=true&name={arn}")
    assert (found["Value"], found["Selector"]) == ("canary-2", ":2")


def test_a_name_needs_no_slash(daemon: Daemon) -> None:
    """A plain one."""
    assert parameter(daemon, "name=plain")["Value"] == "text"


@pytest.mark.parametrize("flag", ["", "&withDecryption=false", "&withDecryption=0"])
def test_secure_string_is_its_ciphertext_without_decryption(daemon: Daemon, flag: str) -> None:
    """Absent means false, as there."""
    found = parameter(daemon, f"name=/app/secure{flag}")
    assert found["Value"].startswith("AQICAH")
    assert found["Type"] == "SecureString"


def test_ciphertext_and_value_are_held_apart(daemon: Daemon) -> None:
    """Whichever was asked for first; a declared one is held decrypted."""
    for name in ("/app/secure", "/app/declared"):
        for _ in range(2):
            plain = parameter(daemon, f"name={name}&withDecryption=true")["Value"]
            cipher = parameter(daemon, f"name={name}")["Value"]
            assert plain.startswith("canary")
            assert cipher.startswith("AQICAH")


@pytest.mark.parametrize(
    ("query", "value", "selector"),
    [
        ("name=/app/secure&version=1", "canary-1", ":1"),
        ("version=2&name=/app/secure", "canary-2", ":2"),
        ("name=/app/secure&label=stable", "canary-2", ":stable"),
        ("label=stable&version=1&name=/app/secure", "canary-2", ":stable"),
        ("version=1&label=stable&name=/app/secure", "canary-1", ":1"),
        ("name=/app/secure:1", "canary-1", ":1"),
        ("name=%2Fapp%2Fsecure%3Astable", "canary-2", ":stable"),
    ],
)
def test_a_version_or_a_label_is_read(
    daemon: Daemon, query: str, value: str, selector: str
) -> None:
    """In any order; where both stand, the first counts."""
    found = parameter(daemon, f"withDecryption=true&{query}")
    assert (found["Value"], found["Selector"]) == (value, selector)


def test_unknown_parameters_of_the_query_are_ignored(daemon: Daemon) -> None:
    """Clients in the wild send some."""
    found = parameter(daemon, "cache=no&name=plain&ttl=5&&region=eu-west-1&name=/other")
    assert found["Value"] == "text"


def test_a_public_parameter_passes_through(daemon: Daemon) -> None:
    """Its name begins with /aws/service/."""
    assert parameter(daemon, f"name={PUBLIC}")["Value"] == "Europe (Ireland)"


def test_a_secret_is_read_as_a_parameter(daemon: Daemon) -> None:
    """With what Secrets Manager has said in SourceResult."""
    found = parameter(daemon, f"withDecryption=true&name={quote(REFERENCE, safe='')}")
    assert (found["Name"], found["Value"]) == (REFERENCE, "canary-secret")
    assert (found["DataType"], found["Selector"], found["Version"]) == (None, None, 0)
    assert '"SecretString": "canary-secret"' in found["SourceResult"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("name=/app/gone", "SSM parameter /app/gone does not exist"),
        (f"name={ARN}/gone", "does not exist"),
        ("name=/app/secure&version=9", "SSM parameter /app/secure:9 does not exist"),
        ("name=/app/secure&label=green", "SSM parameter /app/secure:green does not exist"),
        ("name=/app/secure:1&version=2", "ValidationException"),
        ("name=no%20name", "ValidationException"),
        (f"name={REFERENCE}", "WithDecryption flag must be True"),
        ("name=", "the parameter name is missing"),
        ("", "the parameter name is missing"),
        (
            "name=/app/secure&withDecryption=yes",
            "withDecryption is 'yes'; it must be true",
        ),
    ],
)
def test_invalid_request_is_a_400_that_says_why(daemon: Daemon, query: str, reason: str) -> None:
    """The status is that of AWS's extension; the reason is ours."""
    answer = daemon.get(f"{GET}?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reason in answer.text


def test_a_denied_parameter_is_a_400_that_says_what_to_grant(aws: FakeAws, start: Start) -> None:
    """In plain text, which begins with the words of AWS's extension."""
    aws.parameters.put("/p", "canary")
    aws.faults.always("/p", Deny())
    answer = start().wait_until_ready().get(f"{GET}?name=/p&withDecryption=true")
    assert answer.status_code == 400
    assert answer.text.startswith("an unexpected error occurred while executing request: /p: ")
    assert f"(grant ssm:GetParameter on {ARN}/p to the function's role)" in answer.text


def test_a_parameter_is_read_once_for_its_time_to_live(aws: FakeAws, start: Start) -> None:
    """Whatever the spelling; and its headers let a client cache it."""
    aws.parameters.put("/p", "canary")
    daemon = start().wait_until_ready()
    for query in (
        "name=/p&withDecryption=true",
        "withDecryption=1&name=%2Fp",
        "x&name=/p&withDecryption=True",
    ):
        answer = daemon.get(f"{GET}/?{query}")
        assert answer.json()["Parameter"]["Value"] == "canary"
        assert re.fullmatch(r'"[0-9a-f]{32}"', answer.headers["ETag"])
        assert re.fullmatch(r"private, max-age=(2\d\d|300)", answer.headers["Cache-Control"])
    assert [(call.action, call.with_decryption) for call in aws.calls] == [("GetParameter", True)]


def test_a_declared_parameter_costs_a_client_no_call(aws: FakeAws, start: Start) -> None:
    """It was prefetched, under whatever alias."""
    aws.parameters.put("/p", "canary-1")
    aws.parameters.put("/p", "canary-2")
    daemon = start(P="warmkey:/p", FIRST="warmkey:/p:1").wait_until_ready()
    for query, value in (("name=/p", "canary-2"), ("name=/p&version=1", "canary-1")):
        assert parameter(daemon, f"{query}&withDecryption=true")["Value"] == value
    assert len(aws.calls) == 1


def test_a_refusal_is_remembered_for_a_while(aws: FakeAws, start: Start) -> None:
    """WARMKEY_NEGATIVE_TTL holds here, too."""
    daemon = start(WARMKEY_NEGATIVE_TTL="300").wait_until_ready()
    assert [daemon.get(f"{GET}?name=/gone").status_code for _ in range(3)] == [400] * 3
    assert len(aws.calls) == 1


def test_a_binary_secret_that_is_read_as_a_parameter_has_no_value(
    aws: FakeAws, start: Start
) -> None:
    """But its `SourceResult`, as AWS's own extension answers."""
    aws.secrets.put("key", b"\0canary\xff")
    name = "/aws/reference/secretsmanager/key"
    daemon = start(K=f"warmkey:{name}").wait_until_ready()
    answer = daemon.get(f"/systemsmanager/parameters/get?name={name}&withDecryption=true")
    parameter = answer.json()["Parameter"]
    assert (answer.status_code, parameter["Value"]) == (200, None)
    assert "SecretBinary" in parameter["SourceResult"]
    assert "declare it as secretsmanager:key" in daemon.get("/v1/secrets/K").json()["hint"]

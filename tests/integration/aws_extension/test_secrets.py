"""Secrets through the API of AWS's Parameters and Secrets extension."""

import base64
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, INTERNAL_ERROR, Deny, Fault
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import Delivery
from tests.integration.conftest import Start, serving
from tests.integration.daemon import Daemon
from tests.patience import PATIENCE

GET = "/secretsmanager/get"
DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf"
BINARY = b"canary\x00\xff" + bytes(range(256))
STEADY = {"SECRETS_MANAGER_TIMEOUT_MILLIS": "1500"}  # one attempt outlasts a pause of a second


def put(aws: FakeAws) -> Mapping[str, str]:
    """A secret of two versions, one of bytes, one that is marked for deletion; none declared."""
    aws.secrets.put("prod/db", "canary-old")
    aws.secrets.put("prod/db", '{"password": "canary-new"}')
    aws.secrets.put("a+=.@-!_", "canary-strange")
    aws.secrets.put("binary", BINARY)
    aws.secrets.put("deleted", "canary")
    aws.secrets.delete("deleted")
    return {}


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with all of them."""
    with serving(layer, put) as running:
        yield running


def secret(daemon: Daemon, query: str, path: str = GET) -> dict[str, Any]:
    """The body that a query is answered with."""
    answer = daemon.get(f"{path}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    body: dict[str, Any] = answer.json()
    return body


def test_the_body_has_every_key(daemon: Daemon) -> None:
    """Null where there is nothing; the date is ISO 8601 with milliseconds and Z."""
    body = secret(daemon, "secretId=prod/db")
    assert re.fullmatch(DATE, body.pop("CreatedDate"))
    assert re.fullmatch(r"[0-9a-f-]{36}", body.pop("VersionId"))
    assert body == {
        "ARN": ARN,
        "Name": "prod/db",
        "SecretBinary": None,
        "SecretString": '{"password": "canary-new"}',
        "VersionStages": ["AWSCURRENT"],
        "ResultMetadata": {},
    }


def test_a_binary_secret_comes_in_base64(daemon: Daemon) -> None:
    """And null for the text."""
    body = secret(daemon, "secretId=binary")
    assert base64.b64decode(body["SecretBinary"], validate=True) == BINARY
    assert body["SecretString"] is None


@pytest.mark.parametrize("path", [GET, f"{GET}/"])
@pytest.mark.parametrize(
    "name", ["prod/db", "prod%2Fdb", ARN, quote(ARN, safe=""), ARN.removesuffix("-AbCdEf")]
)
def test_a_secret_is_named_encoded_or_raw_on_both_paths(
    daemon: Daemon, path: str, name: str
) -> None:
    """By its name or its ARN."""
    assert secret(daemon, f"secretId={name}", path)["Name"] == "prod/db"


@pytest.mark.parametrize("name", ["a+=.@-!_", quote("a+=.@-!_", safe="")])
def test_a_name_of_strange_characters_is_taken_raw_too(daemon: Daemon, name: str) -> None:
    """A plus stands for itself, as no secret's name holds a space."""
    assert secret(daemon, f"secretId={name}")["SecretString"] == "canary-strange"


def test_a_version_is_read_by_its_stage_or_its_id(daemon: Daemon) -> None:
    """In any order."""
    previous = secret(daemon, "versionStage=AWSPREVIOUS&secretId=prod/db")
    assert (previous["SecretString"], previous["VersionStages"]) == ("canary-old", ["AWSPREVIOUS"])
    version = previous["VersionId"]
    assert secret(daemon, f"secretId=prod/db&versionId={version}") == previous
    both = f"versionId={version}&versionStage=AWSPREVIOUS&secretId=prod/db"
    assert secret(daemon, both) == previous


def test_unknown_parameters_of_the_query_are_ignored(daemon: Daemon) -> None:
    """Clients in the wild send some; the first of two counts."""
    query = "secretId=prod/db&withDecryption=true&foo&secretId=other&refreshNow="
    assert secret(daemon, query)["Name"] == "prod/db"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("secretId=gone", "secret gone does not exist"),
        ("secretId=prod/db&versionStage=BLUE", "secret prod/db with versionStage BLUE does not"),
        ("secretId=deleted", "marked for deletion"),
        ("secretId=", "the parameter secretId is missing"),
        ("name=prod/db", "the parameter secretId is missing"),
        ("secretId=prod/db&refreshNow=now", "refreshNow is 'now'; it must be true or false"),
    ],
)
def test_invalid_request_is_a_400_that_says_why(daemon: Daemon, query: str, reason: str) -> None:
    """The status is that of AWS's extension; the reason is ours."""
    answer = daemon.get(f"{GET}?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reason in answer.text


def test_a_denied_secret_is_a_400_that_says_what_to_grant(aws: FakeAws, start: Start) -> None:
    """In plain text, which begins with the words of AWS's extension."""
    aws.secrets.put("prod/db", "canary")
    aws.faults.always("prod/db", Deny())
    answer = start().wait_until_ready().get(f"{GET}?secretId=prod/db")
    assert answer.status_code == 400
    assert answer.text.startswith("an unexpected error occurred while executing request: prod/db: ")
    assert f"(grant secretsmanager:GetSecretValue on {ARN} to the function's role)" in answer.text


def test_a_secret_is_read_once_for_its_time_to_live(aws: FakeAws, start: Start) -> None:
    """Also where its current version is asked for by that name."""
    aws.secrets.put("s", "canary")
    daemon = start().wait_until_ready()
    for query in ("secretId=s", "secretId=s&versionStage=AWSCURRENT", "secretId=s&refreshNow=0"):
        assert secret(daemon, query)["SecretString"] == "canary"
    assert len(aws.calls) == 1


def test_a_declared_secret_costs_a_client_no_call(aws: FakeAws, start: Start) -> None:
    """It was prefetched."""
    aws.secrets.put("s", "canary")
    daemon = start(S="warmkey:secretsmanager:s").wait_until_ready()
    assert secret(daemon, "secretId=s&versionStage=AWSCURRENT")["SecretString"] == "canary"
    assert len(aws.calls) == 1


@pytest.mark.parametrize("flag", ["true", "1"])
def test_refresh_now_brings_the_new_value_for_everyone(
    aws: FakeAws, start: Start, flag: str
) -> None:
    """Who reads it by an alias, too."""
    aws.secrets.put("s", "canary-1")
    daemon = start(S="warmkey:secretsmanager:s").wait_until_ready()
    aws.secrets.put("s", "canary-2")
    assert secret(daemon, "secretId=s&refreshNow=false")["SecretString"] == "canary-1"
    assert secret(daemon, f"secretId=s&refreshNow={flag}")["SecretString"] == "canary-2"
    assert secret(daemon, "secretId=s")["SecretString"] == "canary-2"
    assert daemon.read("S") == "canary-2"
    assert len(aws.calls) == 2


@pytest.mark.parametrize(
    ("fault", "after"), [(INTERNAL_ERROR, 200), (Delivery.HANG, 200), (Deny(), 400)], ids=str
)
def test_refresh_now_tells_the_error_when_it_fails(
    aws: FakeAws, start: Start, fault: Fault, after: int
) -> None:
    """Though an older value is held, which others still get unless it was refused for good."""
    aws.secrets.put("s", "canary")
    daemon = start(**STEADY).wait_until_ready()
    assert secret(daemon, "secretId=s")["SecretString"] == "canary"
    aws.faults.always(ANY, fault)
    assert daemon.get(f"{GET}?secretId=s&refreshNow=true").status_code == 400
    assert daemon.get(f"{GET}?secretId=s").status_code == after


def test_refresh_now_asks_each_time(aws: FakeAws, start: Start) -> None:
    """However quickly one follows the other: its answer is not kept for the next."""
    aws.secrets.put("s", "canary")
    daemon = start().wait_until_ready()
    for _ in range(3):
        assert secret(daemon, "secretId=s&refreshNow=true")["SecretString"] == "canary"
    assert len(aws.calls) == 3


def test_response_forbids_storing_without_a_cache(aws: FakeAws, start: Start) -> None:
    """`no-store`, as every read goes upstream; what is declared is held all the same."""
    aws.secrets.put("s", "canary")
    aws.secrets.put("t", "canary")
    daemon = start(
        T="warmkey:secretsmanager:t", PARAMETERS_SECRETS_EXTENSION_CACHE_ENABLED="false"
    ).wait_until_ready()
    for _ in range(2):
        assert daemon.get(f"{GET}?secretId=s").headers["Cache-Control"] == "no-store"
    assert daemon.get(f"{GET}?secretId=t").headers["Cache-Control"].startswith("private, max-age=")
    assert len(aws.calls) == 3


def test_a_client_may_send_a_short_body(aws: FakeAws, start: Start) -> None:
    """It is ignored, and the answer arrives."""
    aws.secrets.put("s", "canary")
    daemon = start().wait_until_ready()
    answer = requests.get(
        f"http://127.0.0.1:{daemon.port}{GET}?secretId=s",
        data=b"{}",
        headers={TOKEN_HEADER: daemon.token},
        timeout=PATIENCE,
    )
    assert answer.json()["SecretString"] == "canary"
    assert answer.headers["Connection"] == "close"

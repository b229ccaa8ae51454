"""Secrets that may be missing, and those that have a default, in a running daemon."""

import json
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import Deny
from tests.fakes.http_service import Delivery
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Serve, Start
from tests.integration.process import SHORT

MISSING = "urn:warmkey:problem:upstream-missing"


def test_an_optional_secret_that_does_not_exist_is_not_found(aws: FakeAws, start: Start) -> None:
    """404 on its own, absent among all, and everything else is there."""
    aws.parameters.put("/needed", "canary")
    daemon = start(
        NEEDED="warmkey:/needed",
        DSN="warmkey:/dsn?optional=true",
        KEY="warmkey:secretsmanager:key?optional=true",
    ).wait_until_ready()
    for alias in ("DSN", "KEY"):
        problem = daemon.get(f"/v1/secrets/{alias}")
        assert (problem.status_code, problem.json()["type"]) == (404, MISSING)
    assert daemon.get("/v1/secrets").json() == {"NEEDED": "canary"}
    assert daemon.get("/v1/secrets?format=dotenv").text == "NEEDED='canary'\n"
    assert daemon.logged("ERROR") == []
    assert daemon.logged("WARN") == []


def test_an_optional_secret_that_exists_is_one_like_any_other(aws: FakeAws, start: Start) -> None:
    """Whether it has a default or not."""
    aws.parameters.put("/dsn", "canary-dsn")
    aws.parameters.put("/level", "canary-level")
    daemon = start(
        DSN="warmkey:/dsn?optional=true", LEVEL="warmkey:/level?default=info"
    ).wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {"DSN": "canary-dsn", "LEVEL": "canary-level"}
    assert daemon.get("/v1/secrets/LEVEL").headers["Warmkey-State"] == "fresh"


def test_a_default_is_the_value_of_what_does_not_exist(start: Start) -> None:
    """It says what it is, and is soon looked for again."""
    daemon = start(
        LEVEL="warmkey:/level?default=info%20%26%20more", EMPTY="warmkey:/empty?default="
    ).wait_until_ready()
    answer = daemon.get("/v1/secrets/LEVEL")
    assert (answer.status_code, answer.text) == (200, "info & more")
    assert answer.headers["Warmkey-State"] == "default"
    assert answer.headers["Cache-Control"] == "private, max-age=5"
    assert daemon.get("/v1/secrets/LEVEL?format=json").json() | {
        "fetchedAt": "",
        "expiresAt": "",
    } == {
        "alias": "LEVEL",
        "name": "/level",
        "value": "info & more",
        "version": "",
        "type": "Default",
        "arn": "",
        "fetchedAt": "",
        "expiresAt": "",
    }
    assert daemon.get("/v1/secrets").json() == {"LEVEL": "info & more", "EMPTY": ""}


def test_a_field_may_be_missing_too(aws: FakeAws, start: Start) -> None:
    """Where the value is JSON; one that is none is not what anybody stored on purpose."""
    aws.parameters.put("/db", '{"user": "canary-user"}')
    aws.parameters.put("/text", "canary, no JSON")
    daemon = start(
        HOST="warmkey:/db?default=localhost#host",
        PORT="warmkey:/db?optional=true#port",
        USER="warmkey:/db?optional=true#user",
        TEXT="warmkey:/text?optional=true&default=x#user",
    ).wait_until_ready()
    assert daemon.read("HOST") == "localhost"
    assert daemon.read("USER") == "canary-user"
    assert daemon.get("/v1/secrets/PORT").status_code == 404
    assert daemon.get("/v1/secrets/TEXT").status_code == 502
    states = {alias: about["state"] for alias, about in daemon.status()["secrets"].items()}
    assert states == {"HOST": "default", "PORT": "absent", "USER": "fresh", "TEXT": "fresh"}


@pytest.mark.parametrize("option", ["optional=true", "default=x"])
def test_a_denied_secret_is_an_error_though_it_may_be_missing(
    aws: FakeAws, start: Start, option: str
) -> None:
    """Nobody knows whether it exists."""
    aws.faults.always("GetParameters", Deny())
    aws.faults.always("GetParameter", Deny())
    daemon = start(DSN=f"warmkey:/dsn?{option}").wait_until_ready()
    assert daemon.get("/v1/secrets/DSN").status_code == 502
    assert daemon.get("/v1/secrets").status_code == 502
    assert daemon.logged("ERROR")[0]["message"] == "a secret is unavailable"


def test_an_optional_path_may_be_empty(aws: FakeAws, start: Start) -> None:
    """It has no aliases then, and nobody waits for any."""
    aws.parameters.put("/needed", "canary")
    daemon = start(
        APP="warmkey:/app/*?optional=true", NEEDED="warmkey:/needed", WARMKEY_REQUIRED="true"
    ).wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {"NEEDED": "canary"}
    assert daemon.status()["secrets"]["/app/*"]["state"] == "absent"


def test_optional_secret_is_not_required(start: Start) -> None:
    """`WARMKEY_REQUIRED` means the others."""
    daemon = start(
        WARMKEY_REQUIRED="true", DSN="warmkey:/dsn?optional=true", LEVEL="warmkey:/level?default=x"
    ).wait_until_ready()
    assert daemon.read("LEVEL") == "x"
    assert "missing" not in daemon.wait_for_line('"message":"ready"')


def test_a_secret_is_required_by_whom_it_is_not_optional_for(
    api: FakeRuntimeApi, start: Start
) -> None:
    """One of two aliases may need what the other does not."""
    start(WARMKEY_REQUIRED="true", A="warmkey:/dsn?optional=true", B="warmkey:/dsn")
    report = json.loads(api.wait_for(Call.INIT_ERROR).body)
    assert "B: SSM parameter /dsn does not exist" in report["errorMessage"]
    assert "A: " not in report["errorMessage"]


def test_the_status_tells_what_is_absent_and_what_has_its_default(start: Start) -> None:
    """Without a name where no token is shown."""
    daemon = start(
        DSN="warmkey:/dsn?optional=true", LEVEL="warmkey:/level?default=x", GONE="warmkey:/gone"
    ).wait_until_ready()
    daemon.token = ""
    assert daemon.status()["secrets"] == {
        alias: {"state": state, "age": None, "errorKind": "missing"}
        for alias, state in (("DSN", "absent"), ("GONE", "missing"), ("LEVEL", "default"))
    }


def test_known_absence_of_a_secret_is_served_while_aws_fails(aws: FakeAws, serve: Serve) -> None:
    """An outage changes nothing for who ran without it, or with its default."""
    sidecar = serve(
        DSN="warmkey:/dsn?optional=true",
        LEVEL="warmkey:/level?default=x",
        GONE="warmkey:/gone",
        WARMKEY_NEGATIVE_TTL="0",
        **SHORT,
    ).wait_until_ready()
    aws.faults.always("GetParameters", Delivery.RESET)
    aws.faults.always("GetParameter", Delivery.RESET)
    assert sidecar.get("/v1/secrets/DSN").status_code == 404
    assert sidecar.read("LEVEL") == "x"
    assert sidecar.get("/v1/secrets/GONE").json()["type"] != MISSING


def test_a_secret_that_comes_to_exist_takes_the_place_of_its_default(
    aws: FakeAws, start: Start
) -> None:
    """As soon as its absence is no longer remembered."""
    daemon = start(LEVEL="warmkey:/level?default=x", WARMKEY_NEGATIVE_TTL="0").wait_until_ready()
    assert daemon.read("LEVEL") == "x"
    aws.parameters.put("/level", "canary")
    assert daemon.read("LEVEL") == "canary"


def test_the_file_says_the_same_in_its_long_form(
    aws: FakeAws, start: Start, tmp_path: Path
) -> None:
    """Options as members beside the reference."""
    aws.parameters.put("/needed", "canary")
    config = tmp_path / "warmkey.json"
    secrets = {
        "needed": {"ref": "/needed"},
        "dsn": {"ref": "/dsn", "optional": True},
        "level": {"ref": "/db#level", "default": "info & more"},
    }
    config.write_text(json.dumps({"secrets": secrets}))
    daemon = start(WARMKEY_CONFIG=str(config)).wait_until_ready()
    assert daemon.get("/v1/secrets").json() == {"needed": "canary", "level": "info & more"}

"""With WARMKEY_REQUIRED, a declared secret that can't be had fails init, with the reason."""

import json

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import Deny
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Start
from tests.integration.daemon import Daemon
from tests.rapid.ports import ReservedPort

REQUIRED = {"WARMKEY_REQUIRED": "true"}


@pytest.fixture(autouse=True)
def secrets(aws: FakeAws) -> None:
    """One parameter, one path."""
    aws.parameters.put("/key", '{"user": "canary"}')
    aws.parameters.put("/app/prod/key", "canary")


def reported(api: FakeRuntimeApi, daemon: Daemon) -> str:
    """Why init has failed, once the daemon has said so and ended, and never that it is ready."""
    seen = api.wait_for(Call.INIT_ERROR)
    assert seen.headers["Lambda-Extension-Function-Error-Type"] == "Extension.SecretUnavailable"
    assert daemon.wait_for_end() == 1
    assert api.seen(Call.EVENT_NEXT) == []
    message: str = json.loads(seen.body)["errorMessage"]
    assert daemon.logged("ERROR")[-1]["message"] == message
    assert '"ready"' not in daemon.output
    return message


def test_complete_secrets_are_not_reported(api: FakeRuntimeApi, start: Start) -> None:
    """The daemon becomes ready."""
    daemon = start(
        **REQUIRED, KEY="warmkey:/key", USER="warmkey:/key#user", APP="warmkey:/app/prod/*"
    ).wait_until_ready()
    assert daemon.read("USER") == "canary"
    assert api.seen(Call.INIT_ERROR) == []


def test_missing_secrets_are_reported(api: FakeRuntimeApi, start: Start) -> None:
    """Of either service, each by its alias, with its reason."""
    daemon = start(
        **REQUIRED, KEY="warmkey:/key", GONE="warmkey:/gone", DB="warmkey:secretsmanager:db"
    )
    message = reported(api, daemon)
    assert message.startswith("WARMKEY_REQUIRED is true, but these secrets are unavailable: ")
    assert "GONE: SSM parameter /gone does not exist in this account and region" in message
    assert "DB: secret db does not exist in this account and region" in message
    assert "KEY: " not in message


def test_a_denied_path_is_reported(aws: FakeAws, api: FakeRuntimeApi, start: Start) -> None:
    """By the path, as nobody knows its aliases."""
    aws.faults.always("GetParametersByPath", Deny())
    message = reported(api, start(**REQUIRED, APP="warmkey:/app/prod/*", KEY="warmkey:/key"))
    assert "/app/prod/*: AccessDeniedException: " in message
    assert "(grant ssm:GetParametersByPath on " in message


def test_a_path_with_nothing_below_it_is_reported(api: FakeRuntimeApi, start: Start) -> None:
    """It is a slip, most likely."""
    message = reported(api, start(**REQUIRED, APP="warmkey:/app/prdo/*"))
    assert "/app/prdo/*: there is no parameter below it" in message


def test_trouble_that_does_not_pass_in_time_is_reported(
    api: FakeRuntimeApi, start: Start, free: ReservedPort
) -> None:
    """After the patience of a fetch."""
    nobody = {"AWS_ENDPOINT_URL": f"http://{free.address}"}
    daemon = start(**REQUIRED, **nobody, KEY="warmkey:/key", WARMKEY_UPSTREAM_TIMEOUT_MILLIS="100")
    assert reported(api, daemon).endswith(f"KEY: {free.address}: Connection refused")


@pytest.mark.parametrize("required", [None, "", "false"])
def test_unless_it_is_required_the_function_starts(
    api: FakeRuntimeApi, start: Start, required: str | None
) -> None:
    """And whoever reads the secret hears why there is none; the log names it."""
    daemon = start(WARMKEY_REQUIRED=required, KEY="warmkey:/key", PORT="warmkey:/key#port")
    daemon.wait_until_ready()
    assert daemon.read("KEY") == '{"user": "canary"}'
    assert daemon.get("/v1/secrets/PORT").status_code == 502
    assert daemon.wait_for_line('"ready"')["missing"] == ["PORT"]
    assert api.seen(Call.INIT_ERROR) == []

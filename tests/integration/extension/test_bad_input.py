"""What a user has set wrong stops the start through `init/error`, with what would mend it."""

import json
import socket
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.http_service import LOOPBACK
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Start
from tests.integration.daemon import Daemon

KEY = "warmkey:/key/{stage}"


def failed(daemon: Daemon, api: FakeRuntimeApi, error_type: str) -> str:
    """The message with which the daemon reported that its init has failed.

    It has registered before, says the same in its log, has asked for no event, and has ended.
    """
    seen = api.wait_for(Call.INIT_ERROR)
    report = json.loads(seen.body)
    assert seen.headers["Lambda-Extension-Function-Error-Type"] == error_type
    assert (report["errorType"], report["stackTrace"]) == (error_type, [])
    assert daemon.wait_for_end() == 1
    (line,) = daemon.lines
    assert (line["level"], line["errorType"]) == ("ERROR", error_type)
    assert line["message"] == report["errorMessage"]
    assert api.seen(Call.EVENT_NEXT) == []
    return str(report["errorMessage"])


@pytest.mark.parametrize(
    ("variables", "given"),
    [({"STAGE": "featureX"}, "stage 'featureX' is unknown"), ({}, "no stage is set")],
)
def test_a_stage_that_nobody_knows_lists_those_that_are_known(
    aws: FakeAws, api: FakeRuntimeApi, start: Start, variables: dict[str, str], given: str
) -> None:
    """By WARMKEY_STAGES without a fallback."""
    daemon = start(KEY=KEY, WARMKEY_STAGES="prod=live,dev=test", **variables)
    message = failed(daemon, api, "Extension.UnknownStage")
    assert given in message
    assert "known stages: dev, prod" in message
    assert "*=…" in message
    assert aws.calls == []


def test_a_stage_that_the_file_does_not_know_lists_those_that_it_does(
    api: FakeRuntimeApi, start: Start, tmp_path: Path
) -> None:
    """By warmkey.json without a fallback; the message names the file."""
    config = tmp_path / "warmkey.json"
    config.write_text('{"stages": {"prod": {"key": "/key/live"}, "dev": {"key": "/key/test"}}}')
    daemon = start(WARMKEY_CONFIG=str(config), STAGE="featureX")
    message = failed(daemon, api, "Extension.UnknownStage")
    assert "stage 'featureX' is unknown; known stages: dev, prod" in message
    assert f'add it, or a "fallback", to {config}' in message


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("/key/{stage}", "needs a stage, and none is set"),
        ("key", "it matches none of the known forms"),
        ("", "it matches none of the known forms"),
        ("/a b", "' ' is not allowed in a name"),
        ("/a:", "neither a version nor a label"),
        ("/a#", "the field after # is empty"),
        ("/a/{user}", "{stage} is the only placeholder"),
        ("secretsmanager:a?version=1", "'version' is no option of it; known after ? are"),
    ],
)
def test_a_malformed_reference_names_its_variable(
    api: FakeRuntimeApi, start: Start, reference: str, reason: str
) -> None:
    """And says what a reference looks like."""
    message = failed(start(KEY=f"warmkey:{reference}"), api, "Extension.InvalidDeclaration")
    assert message.startswith(f"variable KEY: '{reference}'")
    assert reason in message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"secrets" 1}', "is not JSON at character 11"),
        (b"", "is not JSON at character 0"),
        (b"[]", "must hold a JSON object with fallback, secrets, stages"),
        (b'{"secret": {}}', "has 'secret'; allowed are fallback, secrets, stages"),
        (b'{"secrets": {"key": 1}}', "key in secrets must be a reference as a string"),
        (b'{"secrets": {"key": "no"}}', "key: 'no' is not a reference"),
        (b'{"stages": {"a": {}}, "fallback": "b"}', "fallback is 'b'"),
        (b"\xff", "can't be read: it is not UTF-8"),
        (b" " * (1 << 20) + b"{}", "can't be read: File too large"),
    ],
    ids=[
        "colon",
        "empty",
        "list",
        "unknown key",
        "number",
        "reference",
        "fallback",
        "bytes",
        "long",
    ],
)
def test_a_bad_warmkey_json_names_the_place(
    api: FakeRuntimeApi, start: Start, tmp_path: Path, content: bytes, reason: str
) -> None:
    """The file, and what in it is wrong."""
    config = tmp_path / "warmkey.json"
    config.write_bytes(content)
    message = failed(start(WARMKEY_CONFIG=str(config)), api, "Extension.InvalidDeclaration")
    assert str(config) in message
    assert reason in message


def test_a_file_that_is_named_must_be_there(
    api: FakeRuntimeApi, start: Start, tmp_path: Path
) -> None:
    """Only the default one may be missing."""
    config = tmp_path / "gone.json"
    message = failed(start(WARMKEY_CONFIG=str(config)), api, "Extension.InvalidDeclaration")
    assert message == f"WARMKEY_CONFIG names {config}, which does not exist"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("WARMKEY_PORT", "0", "a whole number from 1 to 65535"),
        ("WARMKEY_PORT", "65536", "a whole number from 1 to 65535"),
        ("WARMKEY_PORT", "http", "a whole number from 1 to 65535"),
        ("WARMKEY_TTL", "-1", "a whole number from 0 to 604800"),
        ("WARMKEY_CACHE_SIZE", "10001", "a whole number from 0 to 10000"),
        ("WARMKEY_UPSTREAM_TIMEOUT_MILLIS", "49", "a whole number from 50 to 60000"),
        ("WARMKEY_MAX_CONNECTIONS", "33", "a whole number from 1 to 32"),
        ("WARMKEY_PREFETCH_TIMEOUT_MILLIS", "5s", "a whole number from 100 to 60000"),
        ("WARMKEY_STALE_IF_ERROR", "1.5", "a whole number from 0 to 604800"),
        ("WARMKEY_NEGATIVE_TTL", "301", "a whole number from 0 to 300"),
        ("WARMKEY_REQUIRED", "yes", "true or false"),
        ("WARMKEY_ALLOW", "all", "one of any, declared"),
        ("WARMKEY_LOG_LEVEL", "loud", "one of debug, info, warn, error, none"),
    ],
)
def test_a_bad_setting_says_what_it_must_be(
    aws: FakeAws, api: FakeRuntimeApi, start: Start, name: str, value: str, allowed: str
) -> None:
    """The variable, the value that was given, and what is allowed."""
    message = failed(start(**{name: value}, KEY="warmkey:/key"), api, "Extension.InvalidSetting")
    assert message.startswith(f"{name} is {value!r}; it must be {allowed}. ")
    assert aws.calls == []


@pytest.mark.parametrize(
    ("stages", "item"),
    [("prod", "'prod' is not of the form stage=target"), ("a=1,a=2", "'a=2' is there twice")],
)
def test_stages_that_are_no_map_are_a_bad_setting(
    aws: FakeAws, api: FakeRuntimeApi, start: Start, stages: str, item: str
) -> None:
    """The variable, what was given, and which part of it is wrong."""
    daemon = start(WARMKEY_STAGES=stages, STAGE="prod", KEY=KEY)
    message = failed(daemon, api, "Extension.InvalidSetting")
    assert message.startswith(f"WARMKEY_STAGES is {stages!r}: {item}; ")
    assert aws.calls == []


def test_a_port_in_use_names_who_else_may_use_it(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """Both variables that choose it, and AWS's extension; nothing is asked upstream."""
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        daemon = start(WARMKEY_PORT=str(port), KEY="warmkey:/key")
        message = failed(daemon, api, "Extension.InvalidSetting")
    assert message.startswith(f"port {port} is in use")
    assert "WARMKEY_PORT" in message
    assert "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT" in message
    assert "AWS's own Parameters and Secrets extension" in message
    assert aws.calls == []


def test_a_missing_region_names_its_variable(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """Unset, or empty."""
    daemon = start(AWS_REGION="", AWS_DEFAULT_REGION=None, KEY="warmkey:/key")
    assert "AWS_REGION" in failed(daemon, api, "Extension.InvalidSetting")
    assert aws.calls == []


@pytest.mark.parametrize("url", ["localhost:4566", "ftp://localhost", "http://", "http://a/path"])
def test_an_endpoint_that_is_no_address_names_its_variable(
    api: FakeRuntimeApi, start: Start, url: str
) -> None:
    """And repeats what was given."""
    message = failed(start(AWS_ENDPOINT_URL_SSM=url), api, "Extension.InvalidSetting")
    assert message.startswith("AWS_ENDPOINT_URL_SSM")
    assert repr(url) in message

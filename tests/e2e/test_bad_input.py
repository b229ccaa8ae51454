"""What a user sees on a whole Lambda when something about the set-up is wrong."""

import json
import socket
from collections.abc import Callable

import pytest

from tests.e2e.conftest import Launch
from tests.fakes.aws import FakeAws
from tests.fakes.faults import Deny
from tests.rapid.sandbox import Sandbox

CANARY = "sk_live_canary"
HANDLER = """\
import warmkey

def handler(event, context):
    try:
        return warmkey.get("KEY")
    except warmkey.WarmkeyError as error:
        return {"error": type(error).__name__, "says": str(error)}
"""

Run = Callable[..., Sandbox]


@pytest.fixture
def run(aws: FakeAws, launch: Launch) -> Run:
    """Starts a function that declares `/key/live` as KEY, with other variables as given."""
    aws.parameters.put("/key/live", CANARY)
    return lambda **variables: launch(HANDLER, **{"KEY": "warmkey:/key/live", **variables}).function


def complaint(function: Sandbox) -> str:
    """What the extension says of why it can't start."""
    line = function.wait_for_log(r'^\{.*"errorType".*\}$')[0]
    said: str = json.loads(line)["message"]
    return said


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"KEY": "warmkey:ssn:/key"}, ["variable KEY", "'ssn:/key'", "ssm:name"]),
        ({"KEY": "warmkey:/key/{stage}"}, ["variable KEY", "WARMKEY_STAGE", "STAGE", "stage"]),
        ({"WARMKEY_STAGES": "prod"}, ["WARMKEY_STAGES", "'prod'", "prod=live,*=test"]),
        ({"WARMKEY_PORT": "0x10"}, ["WARMKEY_PORT", "'0x10'", "1 to 65535"]),
        ({"WARMKEY_TTL": "-1"}, ["WARMKEY_TTL", "'-1'", "0 to 604800"]),
        ({"WARMKEY_CONFIG": "/var/task/none.json"}, ["WARMKEY_CONFIG", "/var/task/none.json"]),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, ["AWS_REGION"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_bad_setting_stops_the_start(
    run: Run, variables: dict[str, str], words: list[str]
) -> None:
    """Lambda is told through init/error, and the log says what was given and what is allowed."""
    function = run(**variables)
    assert function.invoke().status == 502
    said = complaint(function)
    assert all(word in said for word in words), said


def test_a_port_in_use_is_named_with_who_else_uses_it(run: Run) -> None:
    """Both variables that choose it, and the extension that has the same default."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        function = run(WARMKEY_PORT=str(other.getsockname()[1]))
        assert function.invoke().status == 502
        said = complaint(function)
    assert "WARMKEY_PORT" in said
    assert "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT" in said
    assert "AWS's own Parameters and Secrets extension" in said


def test_a_missing_parameter_is_an_error_that_the_handler_sees(run: Run) -> None:
    """The function runs; the read says which parameter is missing and what to do."""
    answer = run(KEY="warmkey:/key/none").invoke()
    assert answer.payload["error"] == "UpstreamError"
    assert "/key/none does not exist" in answer.payload["says"]


def test_a_denied_parameter_names_the_permission_that_is_missing(run: Run, aws: FakeAws) -> None:
    """In the handler's error and in the log."""
    aws.faults.always("/key/live", Deny())
    function = run()
    said = function.invoke().payload["says"]
    assert "grant ssm:GetParameter on arn:aws:ssm:" in said
    assert function.wait_for_log("grant ssm:GetParameter on arn:aws:ssm:")


def test_a_required_secret_that_cannot_be_had_stops_the_start(run: Run) -> None:
    """With the reason."""
    function = run(KEY="warmkey:/key/none", WARMKEY_REQUIRED="true")
    assert function.invoke().status == 502
    assert "KEY: SSM parameter /key/none does not exist" in complaint(function)


def test_missing_credentials_are_named(run: Run) -> None:
    """The function runs; the read says which variables hold them."""
    answer = run(AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="").invoke()
    assert "AWS_ACCESS_KEY_ID" in answer.payload["says"]


def test_no_value_is_ever_printed(run: Run) -> None:
    """Not by a function that works, at the most talkative level."""
    function = run(WARMKEY_LOG_LEVEL="debug")
    assert function.invoke().payload == CANARY
    function.shutdown()
    assert '"message":"ready"' in function.log
    assert CANARY not in function.log

"""SSM and Secrets Manager as values."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.http.failure import Failed
from extension.http.messages import Response
from extension.sources import parameter
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found
from extension.sources.secretsmanager import Secret
from tests.fakes.aws_answers import PARAMETER_ARN, UNEXPECTED, found, item, ok, secret

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
items = st.dictionaries(st.sampled_from(sorted(item())), json_values, max_size=2).map(
    lambda wrong: item(**wrong)
)
secrets = st.dictionaries(st.sampled_from(sorted(secret())), json_values, max_size=2).map(
    lambda wrong: secret(SecretString="a", **wrong)
)
answers = (
    json_values
    | secrets
    | st.fixed_dictionaries({"Parameter": json_values | items})
    | st.fixed_dictionaries(
        {"Parameters": st.lists(json_values | items), "InvalidParameters": json_values}
    )
)


def test_a_batch_asks_for_decrypted_values_by_name_and_selector() -> None:
    """In one call."""
    call = parameter.batch_call(
        [Parameter("/a"), Parameter("b", "3"), Parameter(PARAMETER_ARN, "x")]
    )
    assert (call.service, call.action) == ("ssm", "GetParameters")
    assert json.loads(call.body) == {
        "Names": ["/a", "b:3", f"{PARAMETER_ARN}:x"],
        "WithDecryption": True,
    }


def test_a_single_parameter_is_asked_for_with_get_parameter() -> None:
    """The permission that most roles already have."""
    call = Parameter("/a", "3").call()
    assert (call.service, call.action) == ("ssm", "GetParameter")
    assert json.loads(call.body) == {"Name": "/a:3", "WithDecryption": True}


@pytest.mark.parametrize(
    ("source", "body"),
    [
        (Secret("db"), {"SecretId": "db"}),
        (Secret("db", version_id="1"), {"SecretId": "db", "VersionId": "1"}),
        (Secret("db", version_stage="A"), {"SecretId": "db", "VersionStage": "A"}),
    ],
)
def test_a_secret_is_asked_for_by_what_is_known_of_it(source: Secret, body: dict[str, str]) -> None:
    """An empty selector is left out; the service refuses it."""
    call = source.call()
    assert (call.service, call.action) == ("secretsmanager", "GetSecretValue")
    assert json.loads(call.body) == body


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (Parameter("/a"), "AmazonSSM.GetParameter"),
        (Secret("db"), "secretsmanager.GetSecretValue"),
    ],
)
def test_a_request_is_a_post_of_json_that_names_its_action(
    source: Parameter | Secret, target: str
) -> None:
    """AWS JSON 1.1."""
    call = source.call()
    request = call.request("localhost:4566")
    assert (request.method, request.target, request.body) == ("POST", "/", call.body)
    headers = dict(request.headers)
    assert headers["Host"] == "localhost:4566"
    assert headers["Content-Type"] == "application/x-amz-json-1.1"
    assert headers["X-Amz-Target"] == target
    assert headers["User-Agent"].startswith("warmkey/")


def test_a_parameter_is_read_with_everything_about_it() -> None:
    """From GetParameter."""
    assert Parameter("/a").read(ok({"Parameter": item()})) == Found(
        "/a", "value", "3", "SecureString", PARAMETER_ARN, 1700000000.25, data_type="text"
    )


def test_a_text_secret_is_read() -> None:
    """An empty one, too."""
    for text in ("value", ""):
        assert Secret("db").read(ok(secret(SecretString=text))) == Found(
            "db", text, "v-1", "SecretString", "arn:s", 1700000000.5, stages=("AWSCURRENT",)
        )


def test_a_binary_secret_is_read() -> None:
    """As bytes; some emulators send null for the text."""
    encoded = base64.b64encode(b"\0\xff").decode()
    answer = ok(secret(SecretString=None, SecretBinary=encoded))
    assert found(Secret("db").read(answer)).value == b"\0\xff"
    assert found(Secret("db").read(answer)).type == "SecretBinary"


@pytest.mark.parametrize("source", [Parameter("/a", "3"), Secret("db")])
def test_a_missing_name_is_said_with_what_to_do(source: Parameter | Secret) -> None:
    """AWS's own message does not even name it."""
    body = {"__type": "ParameterNotFound"}
    failed = source.read(Response(400, (), json.dumps(body).encode()))
    assert isinstance(failed, Failed)
    assert failed.kind == "missing"
    assert source.name in failed.detail
    assert "create it, or correct the reference; `aws " in failed.hint


def test_an_error_without_json_is_said_by_its_status() -> None:
    """A load balancer's, say."""
    failed = Parameter("/a").read(Response(503, (), b"<html>"))
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.detail) == ("broken", "HTTP status 503: no message")
    assert "proxy" in failed.hint


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"Parameter": None},
        {"Parameter": []},
        {"Parameter": {}},
        {"Parameter": item(Value=1)},
        {"Parameter": item(Name=None)},
        {"Parameter": item(LastModifiedDate="yesterday")},
        {"Parameter": item(LastModifiedDate=1e300)},
        {"Parameter": item(LastModifiedDate=-1)},
        {"Parameter": item(LastModifiedDate=float("nan"))},
        {"Parameter": item(Version=None)},
        {"Parameter": item(Version="3")},
        {"Parameter": item(Version=3.5)},
        secret(SecretString=1),
        secret(SecretBinary="a"),
        secret(SecretBinary="!!!"),
        secret(SecretBinary="Y2Fu!YXJ5"),
        secret(SecretBinary=1),
        secret(SecretBinary=None),
        secret(SecretString="a", Name=None),
        {"SecretString": "a"},
        {"Parameter": item(Value="\ud800")},
        {"Parameter": item(Name="/a\udfff")},
        secret(SecretString="\ud800"),
        {"Parameter": item(SourceResult=float("nan"))},
        secret(SecretString="a", VersionStages=[float("nan")]),
    ],
)
def test_an_answer_that_makes_no_sense_is_broken(body: object) -> None:
    """Which may pass; it is never taken for a value."""
    assert Parameter("/a").read(ok(body)) == UNEXPECTED


@given(st.sampled_from([200, 400, 500]), answers)
def test_any_answer_is_an_outcome(status: int, body: Any) -> None:
    """Whose value is text or bytes, and whose facts can be shown."""
    response = Response(status, (), json.dumps(body).encode())
    outcomes: list[object] = [
        Parameter("/a").read(response),
        Secret("db").read(response),
    ]
    parsed = parameter.read_batch(response, [Parameter("/a")])
    outcomes += [parsed] if isinstance(parsed, Failed) else list(parsed.values())
    for outcome in outcomes:
        assert isinstance(outcome, Found | Failed)
        if isinstance(outcome, Found):
            assert isinstance(outcome.value, str | bytes)
            assert isinstance(outcome.version, str)
            assert isinstance(outcome.modified, int | float)
            assert all(isinstance(fact, str) for fact in (outcome.name, outcome.type, outcome.arn))

"""The drop-in API: which value makes which body."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.cache.entry import Entry, State
from extension.endpoint.requests import aws_api
from extension.http.messages import Response
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found
from extension.sources.secretsmanager import Secret
from tests.fakes.aws_answers import PARAMETER_ARN, found, item, ok, secret

T = 1_700_000_000.0


def response(source: Parameter | Secret, value: Found) -> Response:
    """The answer 10 seconds after a value was fetched with a TTL of 300."""
    return aws_api.represent(source, value, Entry(value, State.FRESH, T, T + 300), T + 10)


def body(source: Parameter | Secret, answer: dict[str, object]) -> Any:
    """The JSON that a reader gets for what the service has answered."""
    return json.loads(response(source, found(source.read(ok(answer)))).body)


def test_a_parameter_s_body_has_every_key() -> None:
    """In AWS's order, null where there is nothing, the date with milliseconds and Z."""
    text = response(Parameter("/a"), found(Parameter("/a").read(ok({"Parameter": item()})))).body
    assert text.decode() == (
        '{"Parameter":{'
        f'"ARN":"{PARAMETER_ARN}",'
        '"DataType":"text",'
        '"LastModifiedDate":"2023-11-14T22:13:20.250Z",'
        '"Name":"/a",'
        '"Selector":null,'
        '"SourceResult":null,'
        '"Type":"SecureString",'
        '"Value":"value",'
        '"Version":3},'
        '"ResultMetadata":{}}'
    )


def test_a_text_secret_s_body_has_every_key() -> None:
    """And null for the binary."""
    value = found(Secret("db").read(ok(secret(SecretString="value"))))
    assert response(Secret("db"), value).body.decode() == (
        '{"ARN":"arn:s",'
        '"CreatedDate":"2023-11-14T22:13:20.500Z",'
        '"Name":"db",'
        '"SecretBinary":null,'
        '"SecretString":"value",'
        '"VersionId":"v-1",'
        '"VersionStages":["AWSCURRENT"],'
        '"ResultMetadata":{}}'
    )


def test_a_binary_secret_s_body_has_it_in_base64() -> None:
    """And null for the text."""
    encoded = base64.b64encode(bytes(range(256))).decode()
    answer = body(Secret("db"), secret(SecretBinary=encoded))
    assert (answer["SecretBinary"], answer["SecretString"]) == (encoded, None)


def test_an_empty_secret_is_text() -> None:
    """Not null."""
    assert body(Secret("db"), secret(SecretString=""))["SecretString"] == ""


@pytest.mark.parametrize(
    ("asked", "said", "selector"),
    [
        ("3", ":3", ":3"),
        ("stable", ":stable", ":stable"),
        ("", None, None),
        ("3", None, ":3"),
        ("stable", "", ":stable"),
    ],
)
def test_the_selector_is_the_version_or_label_that_was_asked_for(
    asked: str, said: str | None, selector: str | None
) -> None:
    """Where the service, an emulator of it, does not say it, too."""
    answer = body(Parameter("/a", asked), {"Parameter": item(Selector=said)})
    assert answer["Parameter"]["Selector"] == selector


def test_a_secret_that_was_read_as_a_parameter_keeps_its_source_result() -> None:
    """And remains a parameter, though it has no data type."""
    name = "/aws/reference/secretsmanager/db"
    referred = item(Name=name, Version=0, SourceResult='{"Name": "db"}')
    del referred["DataType"]
    parameter = body(Parameter(name), {"Parameter": referred})["Parameter"]
    assert parameter["SourceResult"] == '{"Name": "db"}'
    assert (parameter["DataType"], parameter["Version"]) == (None, 0)


@pytest.mark.parametrize("kind", ["String", "StringList", "SecureString"])
def test_the_type_is_told(kind: str) -> None:
    """Of all three."""
    assert body(Parameter("/a"), {"Parameter": item(Type=kind)})["Parameter"]["Type"] == kind


def test_field_missing_from_the_service_is_null() -> None:
    """Emulators leave out a lot."""
    parameter = item(ARN=None, LastModifiedDate=None, DataType=None)
    answer = body(Parameter("/a"), {"Parameter": parameter})["Parameter"]
    assert (answer["ARN"], answer["LastModifiedDate"], answer["DataType"]) == (None, None, None)
    bare = body(Secret("db"), {"Name": "db", "SecretString": "value", "VersionStages": []})
    assert bare == {
        "ARN": None,
        "CreatedDate": None,
        "Name": "db",
        "SecretBinary": None,
        "SecretString": "value",
        "VersionId": None,
        "VersionStages": None,
        "ResultMetadata": {},
    }


def test_the_headers_let_a_client_cache() -> None:
    """As on the native paths; the ETag comes with the bytes."""
    value = found(Parameter("/a").read(ok({"Parameter": item()})))
    assert response(Parameter("/a"), value).headers == (
        ("Content-Type", "application/json"),
        ("Age", "10"),
        ("Cache-Control", "private, max-age=300"),
        ("Warmkey-State", "fresh"),
    )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_the_json(text: str) -> None:
    """Quotes, line breaks, characters beyond the first plane."""
    assert body(Parameter("/a"), {"Parameter": item(Value=text)})["Parameter"]["Value"] == text
    assert body(Secret("db"), secret(SecretString=text))["SecretString"] == text

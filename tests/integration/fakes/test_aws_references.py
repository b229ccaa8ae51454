"""Secrets that are read as parameters, by the real SDK."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes import sdk
from tests.fakes.aws import FakeAws

NAME = "/aws/reference/secretsmanager/prod/db"


@pytest.fixture
def ssm() -> Iterator[Any]:
    """The SDK's client for an account with one secret."""
    with FakeAws() as aws:
        aws.secrets.put("prod/db", "canary")
        with sdk.client(aws) as client:
            yield client


def test_a_secret_is_read_as_a_parameter(ssm: Any) -> None:
    """Without a version; what Secrets Manager has said is in SourceResult."""
    parameter = ssm.get_parameter(Name=NAME, WithDecryption=True)["Parameter"]
    assert (parameter["Name"], parameter["Value"]) == (NAME, "canary")
    assert (parameter["Type"], parameter["Version"]) == ("SecureString", 0)
    source = json.loads(parameter["SourceResult"])
    assert (source["Name"], source["SecretString"]) == ("prod/db", "canary")
    assert "DataType" not in parameter


def test_a_referenced_secret_is_never_read_without_decryption(ssm: Any) -> None:
    """There is no ciphertext to give."""
    with pytest.raises(Exception, match="WithDecryption flag must be True"):
        ssm.get_parameter(Name=NAME)


def test_a_secret_that_is_not_there_is_no_parameter(ssm: Any) -> None:
    """Alone it is not found, in a batch it is invalid."""
    with pytest.raises(ssm.exceptions.ParameterNotFound, match="referencing Secrets Manager"):
        ssm.get_parameter(Name=f"{NAME}x", WithDecryption=True)
    answer = ssm.get_parameters(Names=[NAME, f"{NAME}x"], WithDecryption=True)
    assert [each["Name"] for each in answer["Parameters"]] == [NAME]
    assert answer["InvalidParameters"] == [f"{NAME}x"]

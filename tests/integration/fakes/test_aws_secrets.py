"""The fake Secrets Manager, read by the real SDK."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes import sdk
from tests.fakes.aws import FakeAws


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    """The fake with one secret of two versions."""
    with FakeAws() as running:
        running.secrets.put("prod/db", "canary-old")
        running.secrets.put("prod/db", "canary-new")
        yield running


@pytest.fixture
def client(aws: FakeAws) -> Iterator[Any]:
    """The SDK's client."""
    with sdk.client(aws, "secretsmanager") as made:
        yield made


def test_a_secret_is_read_at_its_current_version(client: Any) -> None:
    """AWSCURRENT is what is meant where nothing else is said."""
    answer = client.get_secret_value(SecretId="prod/db")
    assert (answer["Name"], answer["SecretString"]) == ("prod/db", "canary-new")
    assert answer["VersionStages"] == ["AWSCURRENT"]
    assert "SecretBinary" not in answer


def test_the_version_before_is_kept_under_its_stage(client: Any) -> None:
    """A new value moves AWSCURRENT, and AWSPREVIOUS behind it."""
    answer = client.get_secret_value(SecretId="prod/db", VersionStage="AWSPREVIOUS")
    assert answer["SecretString"] == "canary-old"


def test_a_version_that_waits_moves_no_other_s_stage(aws: FakeAws, client: Any) -> None:
    """AWSCURRENT and AWSPREVIOUS stay where they are."""
    aws.secrets.put("prod/db", "canary-pending", stages=["AWSPENDING"])
    for stage, value in (("AWSCURRENT", "canary-new"), ("AWSPREVIOUS", "canary-old")):
        answer = client.get_secret_value(SecretId="prod/db", VersionStage=stage)
        assert answer["SecretString"] == value


def test_a_version_is_read_by_its_id(aws: FakeAws, client: Any) -> None:
    """The id is what `put` returned."""
    version = aws.secrets.put("prod/db", "canary-pending", stages=["AWSPENDING"])
    answer = client.get_secret_value(SecretId="prod/db", VersionId=version)
    assert (answer["SecretString"], answer["VersionId"]) == ("canary-pending", version)


def test_a_version_and_a_stage_must_agree(aws: FakeAws, client: Any) -> None:
    """Otherwise InvalidRequestException."""
    version = aws.secrets.put("prod/db", "canary-pending", stages=["AWSPENDING"])
    with pytest.raises(client.exceptions.InvalidRequestException, match="not associated"):
        client.get_secret_value(SecretId="prod/db", VersionId=version, VersionStage="AWSCURRENT")


def test_a_binary_secret_arrives_as_its_bytes(aws: FakeAws, client: Any) -> None:
    """Base64 on the wire, SecretBinary alone."""
    aws.secrets.put("cert", b"\x00\xff")
    answer = client.get_secret_value(SecretId="cert")
    assert answer["SecretBinary"] == b"\x00\xff"
    assert "SecretString" not in answer


@pytest.mark.parametrize("length", [None, -7])
def test_a_secret_is_found_by_its_arn(client: Any, length: int | None) -> None:
    """With or without the six characters that AWS puts at its end."""
    arn = client.get_secret_value(SecretId="prod/db")["ARN"]
    assert client.get_secret_value(SecretId=arn[:length])["Name"] == "prod/db"


def test_an_unknown_secret_is_not_found(client: Any) -> None:
    """ResourceNotFoundException, in AWS's words."""
    with pytest.raises(
        client.exceptions.ResourceNotFoundException, match=r"can't find the specified secret\.$"
    ):
        client.get_secret_value(SecretId="no")


def test_an_unknown_stage_is_not_found(client: Any) -> None:
    """The message names the stage."""
    with pytest.raises(
        client.exceptions.ResourceNotFoundException, match="value for staging label: BLUE"
    ):
        client.get_secret_value(SecretId="prod/db", VersionStage="BLUE")


def test_a_secret_marked_for_deletion_is_refused(aws: FakeAws, client: Any) -> None:
    """InvalidRequestException: it is still there, and yet not to be read."""
    aws.secrets.delete("prod/db")
    with pytest.raises(client.exceptions.InvalidRequestException, match="marked for deletion"):
        client.get_secret_value(SecretId="prod/db")


def test_a_batch_reports_what_it_could_not_read(aws: FakeAws, client: Any) -> None:
    """BatchGetSecretValue answers with values and errors side by side."""
    aws.secrets.put("other", "canary-other")
    answer = client.batch_get_secret_value(SecretIdList=["prod/db", "no", "other"])
    assert [item["SecretString"] for item in answer["SecretValues"]] == [
        "canary-new",
        "canary-other",
    ]
    assert [(e["SecretId"], e["ErrorCode"]) for e in answer["Errors"]] == [
        ("no", "ResourceNotFoundException")
    ]


def test_a_batch_takes_twenty_secrets(client: Any) -> None:
    """The twenty-first is refused."""
    with pytest.raises(Exception, match=r"ValidationException.*less than or equal to 20"):
        client.batch_get_secret_value(SecretIdList=[f"s{n}" for n in range(21)])

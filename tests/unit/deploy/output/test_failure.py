"""Failures: what an operator is told, and what to do then."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
)
from botocore.parsers import ResponseParserError

from tests.fakes.http_service import HttpService, Response
from warmkey.deploy.output import failure


def refused(code: str, said: str) -> str:
    """What is told of an error of Lambda's."""
    error = ClientError({"Error": {"Code": code, "Message": said}}, "UpdateFunctionConfiguration")
    return failure.of_aws(error).format_message()


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (NoCredentialsError(), "name a profile with --profile, or sign in (aws sso login)"),
        (NoRegionError(), "name one with --region, or set AWS_REGION"),
        (
            EndpointConnectionError(endpoint_url="https://sts.nowhere-1.amazonaws.com"),
            "check the region's name (--region), and the network",
        ),
        (ProfileNotFound(profile="live"), "`aws configure list-profiles` shows those there are"),
    ],
)
def test_a_failure_of_what_is_missing_tells_where_to_get_it(
    error: BotoCoreError, remedy: str
) -> None:
    """What botocore says, and what to do."""
    told = failure.of_aws(error).format_message()
    assert told == f"{str(error).rstrip('.')}; {remedy}"


def test_an_error_of_aws_tells_what_was_asked() -> None:
    """The operation, the code, and AWS's own words."""
    assert refused("TooManyRequestsException", "Rate exceeded") == (
        "UpdateFunctionConfiguration: TooManyRequestsException: Rate exceeded"
    )


def test_a_missing_permission_and_an_old_session_have_remedies() -> None:
    """The two that an operator meets each day."""
    assert refused("AccessDeniedException", "no").endswith(
        "; run this as somebody with that permission, or grant it"
    )
    for code in ("ExpiredTokenException", "InvalidClientTokenId"):
        assert refused(code, "no").endswith("; sign in again (aws sso login)")


def test_variables_that_lambda_repeats_are_not_shown() -> None:
    """Its error for too many of them quotes them all."""
    said = 'you have provided exceeded the 4KB limit. String measured: {"KEY":"canary"}'
    told = refused("InvalidParameterValueException", said)
    assert told.endswith("exceeded the 4KB limit")
    assert "canary" not in told


def test_an_answer_that_is_not_aws_s_own_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a proxy's page is, or that of a stand-in for AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "canary")
    with HttpService(lambda _: Response(500, b"<!doctype html>busy", "text/html")) as page:
        once = Config(retries={"total_max_attempts": 1})
        iam = boto3.client("iam", "eu-west-1", endpoint_url=page.url, config=once)
        with pytest.raises(ResponseParserError) as caught:
            iam.list_users()
        iam.close()
    told = failure.of_aws(caught.value).format_message()
    assert told.startswith("the answer is not from AWS, or is incomplete; check AWS_ENDPOINT_URL")

"""Failures: what an operator is told when a command can't go on, and what to do then."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
    UnknownRegionError,
)
from botocore.exceptions import ConnectionError as ConnectionFailed
from botocore.parsers import ResponseParserError
from click import ClickException

OF_AWS = (ClientError, BotoCoreError, ResponseParserError)
"""What AWS refuses, what fails on the way to it, and an answer that is not AWS's own."""

_REMEDIES: dict[type[BotoCoreError], str] = {
    NoCredentialsError: "name a profile with --profile, or sign in (aws sso login)",
    NoRegionError: "name one with --region, or set AWS_REGION",
    EndpointConnectionError: "check the region's name (--region), and the network",
    ProfileNotFound: "`aws configure list-profiles` shows those there are",
    UnknownRegionError: "check the region's name (--region)",
}
_VALUES_FOLLOW = "String measured"  # Lambda then repeats all variables, with their values
_EXPIRED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
    }
)


_SIGN_IN = "sign in again (aws sso login)"
_WITHOUT_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    SSOError,
    TokenRetrievalError,
)


class Failure(ClickException):
    """The command can't go on.

    Args:
        message: What was given and what is wrong with it.
        remedy: What to do about it; empty where there is nothing to say.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}; {remedy}" if remedy else message)


class InvalidInput(Failure):
    """What stands on the command line is invalid, as can be told without asking AWS."""

    exit_code = 2


def of_aws(error: ClientError | BotoCoreError | ResponseParserError) -> Failure:
    """What AWS, or the way to it, said, as an operator needs it."""
    if isinstance(error, ResponseParserError):
        return Failure(
            "the answer is not from AWS, or is incomplete",
            "check AWS_ENDPOINT_URL, and any proxies",
        )
    if not isinstance(error, ClientError):
        remedy = _SIGN_IN if isinstance(error, (SSOError, TokenRetrievalError)) else ""
        return Failure(str(error).rstrip("."), _REMEDIES.get(type(error), remedy))
    code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    said = said.partition(_VALUES_FOLLOW)[0]
    message = f"{error.operation_name}: {code}: {said}".rstrip(". :")
    if code.startswith("AccessDenied"):
        return Failure(message, "run this as somebody with that permission, or grant it")
    return Failure(message, _SIGN_IN if code in _EXPIRED else "")


def concerns_all(
    error: ClientError | BotoCoreError | ResponseParserError, *, same_place: bool
) -> bool:
    """Whether every other call would fail in the same way: as nobody, or without a connection.

    Args:
        error: What one call has met.
        same_place: Whether the others go to the same region.
    """
    if isinstance(error, ClientError):
        return error.response["Error"]["Code"] in _EXPIRED
    if isinstance(error, (ConnectionFailed, HTTPClientError)):
        return same_place
    return isinstance(error, _WITHOUT_CREDENTIALS)

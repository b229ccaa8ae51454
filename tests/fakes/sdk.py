"""The real AWS SDK, pointed at a fake AWS: it tries once."""

import contextlib
from collections.abc import Iterator
from typing import Any, Literal

import boto3
from botocore.config import Config

from tests.fakes.aws import FakeAws
from tests.fakes.signature import Credentials
from tests.patience import PATIENCE


@contextlib.contextmanager
def client(
    aws: FakeAws,
    service: Literal["ssm", "secretsmanager"] = "ssm",
    *,
    credentials: Credentials | None = None,
    region: str | None = None,
    read_timeout: float = PATIENCE,
) -> Iterator[Any]:
    """A boto3 client of the fake, closed at the end.

    Args:
        aws: The fake.
        service: Which of its services.
        credentials: What to sign with; None for those that the fake hands out.
        region: What to sign for; None for the fake's own.
        read_timeout: Seconds to wait for an answer.
    """
    signer = credentials or aws.credentials
    made = boto3.client(
        service,
        region_name=region or aws.region,
        endpoint_url=aws.url,
        aws_access_key_id=signer.key_id,
        aws_secret_access_key=signer.secret,
        aws_session_token=signer.token,
        verify=aws.environment().get("AWS_CA_BUNDLE"),
        config=Config(
            retries={"total_max_attempts": 1}, connect_timeout=PATIENCE, read_timeout=read_timeout
        ),
    )
    try:
        yield made
    finally:
        made.close()

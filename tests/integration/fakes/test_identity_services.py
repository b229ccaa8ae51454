"""The fakes of STS and of EC2's instance metadata, asked by botocore's own clients."""

import contextlib
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import InstanceMetadataProvider
from botocore.exceptions import ClientError
from botocore.utils import InstanceMetadataFetcher

from tests.fakes import sdk
from tests.fakes.aws import FakeAws
from tests.fakes.instance_metadata import ROLES, TOKEN, InstanceMetadata
from tests.fakes.security_token_service import FakeSts, Role
from tests.fakes.signature import Credentials
from tests.patience import PATIENCE

ROLE = "arn:aws:iam::210987654321:role/reader"
JWT = "canary-header.canary-payload.canary-signature"


@pytest.fixture
def metadata() -> Iterator[InstanceMetadata]:
    """The metadata service of an instance that has a role."""
    with InstanceMetadata(Credentials.fresh()) as running:
        yield running


@pytest.fixture
def sts(aws: FakeAws) -> Iterator[FakeSts]:
    """STS, which knows one role; its credentials open the fake AWS."""
    with FakeSts(aws.keys) as running:
        running.roles[ROLE] = Role(aws.keys.issue, external_id="known", tokens={JWT})
        yield running


@contextlib.contextmanager
def client(sts: FakeSts, credentials: Credentials | None) -> Iterator[Any]:
    """Botocore's client of the fake; None signs nothing."""
    keys = credentials or Credentials("none", "none", None)
    made = boto3.client(
        "sts",
        region_name=sts.region,
        endpoint_url=sts.url,
        aws_access_key_id=keys.key_id,
        aws_secret_access_key=keys.secret,
        aws_session_token=keys.token,
        config=Config(
            retries={"total_max_attempts": 1},
            read_timeout=PATIENCE,
            signature_version=None if credentials else UNSIGNED,
        ),
    )
    try:
        yield made
    finally:
        made.close()


def code(failed: pytest.ExceptionInfo[ClientError]) -> str:
    """The error's code."""
    return failed.value.response["Error"]["Code"]


def test_an_assumed_role_s_credentials_open_the_fake_aws(aws: FakeAws, sts: FakeSts) -> None:
    """As botocore reads them."""
    aws.parameters.put("/a", "canary", "String")
    with client(sts, aws.credentials) as asked:
        found = asked.assume_role(RoleArn=ROLE, RoleSessionName="test", ExternalId="known")
    keys = found["Credentials"]
    given = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    with sdk.client(aws, credentials=given) as ssm:
        assert ssm.get_parameter(Name="/a")["Parameter"]["Value"] == "canary"
    assert sts.calls[0].key_id == aws.credentials.key_id


@pytest.mark.parametrize(
    ("arn", "external_id"), [(ROLE, "another"), (ROLE.replace("reader", "other"), "known")]
)
def test_a_role_that_does_not_trust_the_caller_is_denied(
    aws: FakeAws, sts: FakeSts, arn: str, external_id: str
) -> None:
    """With the words of IAM; a role that is not there is denied, too."""
    with client(sts, aws.credentials) as asked, pytest.raises(ClientError) as failed:
        asked.assume_role(RoleArn=arn, RoleSessionName="test", ExternalId=external_id)
    assert code(failed) == "AccessDenied"
    assert f"is not authorized to perform: sts:AssumeRole on resource: {arn}" in str(failed.value)


def test_a_signature_is_verified(aws: FakeAws, sts: FakeSts) -> None:
    """With an unknown key, an expired one, and a secret that is none of it."""
    expired = aws.keys.issue()
    aws.keys.expire(expired)
    wrong = Credentials(aws.credentials.key_id, "wrong", aws.credentials.token)
    for keys, expected in (
        (Credentials.fresh(), "InvalidClientTokenId"),
        (expired, "ExpiredToken"),
        (wrong, "SignatureDoesNotMatch"),
    ):
        with client(sts, keys) as asked, pytest.raises(ClientError) as failed:
            asked.assume_role(RoleArn=ROLE, RoleSessionName="test")
        assert code(failed) == expected


def test_a_web_identity_needs_no_signature(aws: FakeAws, sts: FakeSts) -> None:
    """Its token says who it is, if it is known and has not expired."""
    sts.expired.add("an.expired.token")
    with client(sts, None) as asked:

        def assume(token: str) -> dict[str, Any]:
            named: dict[str, Any] = {"RoleArn": ROLE, "RoleSessionName": "test"}
            answer = asked.assume_role_with_web_identity(**named, WebIdentityToken=token)
            return dict(answer["Credentials"])

        found = assume(JWT)
        for token, expected in (
            ("an.expired.token", "ExpiredTokenException"),
            ("another.signed.token", "AccessDenied"),
            ("none", "InvalidIdentityToken"),
        ):
            with pytest.raises(ClientError) as failed:
                assume(token)
            assert code(failed) == expected
    assert aws.keys.find(found["AccessKeyId"], found["SessionToken"])
    assert sts.calls[0].key_id is None


def test_the_sdk_gets_an_instance_role_s_credentials(metadata: InstanceMetadata) -> None:
    """By a session's token, the role's name and its credentials."""
    config = {"ec2_metadata_service_endpoint": metadata.environment().popitem()[1]}
    fetcher: Any = InstanceMetadataFetcher(timeout=int(PATIENCE), num_attempts=1, config=config)
    found: Any = InstanceMetadataProvider(fetcher).load()
    assert found.get_frozen_credentials().access_key == metadata.credentials.key_id
    role = ROLES + "instance-role"
    assert metadata.requests == [f"PUT {TOKEN}", f"GET {ROLES}", f"GET {role}"]


def test_version_1_is_refused(metadata: InstanceMetadata) -> None:
    """Nothing is answered without a token, or with one that has expired."""
    url = metadata.environment().popitem()[1]
    assert requests.get(url + ROLES, timeout=PATIENCE).status_code == 401
    lives = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    token = requests.put(url + TOKEN, headers=lives, timeout=PATIENCE).text
    known = {"X-aws-ec2-metadata-token": token}
    assert requests.get(url + ROLES, headers=known, timeout=PATIENCE).text == "instance-role"
    metadata.forget_tokens()
    assert requests.get(url + ROLES, headers=known, timeout=PATIENCE).status_code == 401


def test_a_token_has_a_lifetime(metadata: InstanceMetadata) -> None:
    """Of six hours at most."""
    url = metadata.environment().popitem()[1] + TOKEN
    assert requests.put(url, timeout=PATIENCE).status_code == 400
    lives = {"X-aws-ec2-metadata-token-ttl-seconds": "21601"}
    assert requests.put(url, headers=lives, timeout=PATIENCE).status_code == 400

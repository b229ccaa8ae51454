"""The fake AWS refuses what AWS refuses: every way for a signature to be wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from datetime import UTC, datetime
from types import MappingProxyType

import botocore.credentials
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from tests.fakes import sdk
from tests.fakes.aws import FakeAws
from tests.fakes.signature import Credentials
from tests.patience import PATIENCE


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    """The fake with one parameter."""
    with FakeAws() as running:
        running.parameters.put("/a", "canary", "String")
        yield running


def signed(
    aws: FakeAws,
    service: str = "ssm",
    *,
    body: bytes = b'{"Name": "/a"}',
    extra: Mapping[str, str] = MappingProxyType({}),
) -> requests.PreparedRequest:
    """A GetParameter request that botocore signed, ready to be tampered with."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.GetParameter",
        "User-Agent": "tester/1",
        **extra,
    }
    request = AWSRequest("POST", f"{aws.url}/", headers, body)
    keys = aws.credentials
    signer = SigV4Auth(botocore.credentials.Credentials(*astuple(keys)), service, aws.region)
    signer.add_auth(request)
    fields = dict(request.headers.items())
    return requests.Request("POST", request.url, fields, data=body).prepare()


def send(request: requests.PreparedRequest) -> tuple[int, dict[str, str]]:
    """Status and body of the answer."""
    with requests.Session() as session:
        session.trust_env = False
        response = session.send(request, timeout=PATIENCE)
        return response.status_code, response.json()


def refusal(aws: FakeAws, credentials: Credentials | None = None, region: str | None = None) -> str:
    """The error that the SDK reports for a read."""
    with (
        sdk.client(aws, credentials=credentials, region=region) as ssm,
        pytest.raises(ClientError) as refused,
    ):
        ssm.get_parameter(Name="/a")
    return str(refused.value)


def test_request_signed_by_botocore_is_accepted(aws: FakeAws) -> None:
    """Sent by another client than the SDK's own."""
    status, answer = send(signed(aws))
    assert (status, list(answer)) == (200, ["Parameter"])


def test_a_long_lived_key_has_no_token(aws: FakeAws) -> None:
    """A user's own access key is accepted as it is."""
    own = Credentials("AKIAEXAMPLE", "secret", None)
    aws.keys.accept(own)
    with sdk.client(aws, credentials=own) as ssm:
        assert ssm.get_parameter(Name="/a")["Parameter"]["Value"] == "canary"
    assert aws.calls[-1].key_id == "AKIAEXAMPLE"


def test_an_unsigned_request_is_refused(aws: FakeAws) -> None:
    """MissingAuthenticationTokenException."""
    request = signed(aws)
    del request.headers["Authorization"]
    status, answer = send(request)
    assert (status, answer["__type"]) == (400, "MissingAuthenticationTokenException")
    assert aws.calls[-1].key_id is None


def test_half_a_signature_is_refused(aws: FakeAws) -> None:
    """IncompleteSignatureException."""
    request = signed(aws)
    request.headers["Authorization"] = "AWS4-HMAC-SHA256 Credential=AKIA/x"
    assert send(request)[1]["__type"] == "IncompleteSignatureException"


def test_a_wrong_secret_is_refused(aws: FakeAws) -> None:
    """InvalidSignatureException, in AWS's words."""
    wrong = Credentials(aws.credentials.key_id, "wrong", aws.credentials.token)
    message = refusal(aws, wrong)
    assert "(InvalidSignatureException)" in message
    assert "The request signature we calculated does not match" in message


@pytest.mark.parametrize("token", [None, "wrong", "wröng"])
def test_a_wrong_session_token_is_refused(aws: FakeAws, token: str | None) -> None:
    """A token that is missing or another's: UnrecognizedClientException."""
    wrong = Credentials(aws.credentials.key_id, aws.credentials.secret, token)
    assert "(UnrecognizedClientException)" in refusal(aws, wrong)


def test_an_unknown_key_is_refused(aws: FakeAws) -> None:
    """UnrecognizedClientException, in AWS's words."""
    message = refusal(aws, Credentials.fresh())
    assert "(UnrecognizedClientException)" in message
    assert "The security token included in the request is invalid." in message


def test_a_revoked_key_is_unknown(aws: FakeAws) -> None:
    """As if it had never been."""
    aws.keys.revoke(aws.credentials)
    assert "(UnrecognizedClientException)" in refusal(aws)


def test_rotation_expires_the_old_credentials(aws: FakeAws) -> None:
    """ExpiredTokenException for them; the new ones are good."""
    old = aws.credentials
    new = aws.rotate()
    assert "(ExpiredTokenException)" in refusal(aws, old)
    assert aws.environment()["AWS_SESSION_TOKEN"] == new.token
    with sdk.client(aws) as ssm:
        assert ssm.get_parameter(Name="/a")["Parameter"]["Value"] == "canary"


def send_with_clock(ahead: int) -> tuple[int, dict[str, str]]:
    """Status and body of the answer by a fake whose clock is so many seconds ahead."""
    now = 0.0
    with FakeAws(clock=lambda: now) as aws:
        aws.parameters.put("/a", "canary", "String")
        request = signed(aws)
        stamp = datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
        now = stamp.replace(tzinfo=UTC).timestamp() + ahead
        return send(request)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(301, "Signature expired: .* is now earlier than"), (-301, "Signature not yet current: ")],
)
def test_a_clock_that_is_wrong_by_more_than_five_minutes_is_refused(ahead: int, words: str) -> None:
    """InvalidSignatureException that names both times."""
    status, answer = send_with_clock(ahead)
    assert (status, answer["__type"]) == (400, "InvalidSignatureException")
    assert re.match(rf"{words}.* 5 min\.\)", answer["message"])


@pytest.mark.parametrize("ahead", [-300, 300])
def test_a_clock_that_is_wrong_by_five_minutes_is_accepted(ahead: int) -> None:
    """AWS tolerates as much."""
    assert send_with_clock(ahead)[0] == 200


def test_another_region_is_refused(aws: FakeAws) -> None:
    """The message names the region that was signed for."""
    assert "scoped to a valid region, not 'us-gov-west-1'" in refusal(aws, region="us-gov-west-1")


def test_another_service_is_refused(aws: FakeAws) -> None:
    """What is signed for Secrets Manager does not open SSM."""
    assert "correct service: 'ssm'" in send(signed(aws, "secretsmanager"))[1]["message"]


def test_a_changed_body_is_refused(aws: FakeAws) -> None:
    """The signature covers the body."""
    request = signed(aws)
    request.body = b'{"Name": "/b"}'
    assert send(request)[1]["__type"] == "InvalidSignatureException"


def test_a_changed_path_is_refused(aws: FakeAws) -> None:
    """The signature covers the path."""
    request = signed(aws)
    request.url = f"{aws.url}/other"
    assert send(request)[1]["__type"] == "InvalidSignatureException"


def test_a_changed_query_is_refused(aws: FakeAws) -> None:
    """The signature covers the query."""
    request = signed(aws)
    request.url = f"{aws.url}/?x=1"
    assert send(request)[1]["__type"] == "InvalidSignatureException"


def test_a_changed_header_is_refused(aws: FakeAws) -> None:
    """The signature covers the action."""
    request = signed(aws)
    request.headers["X-Amz-Target"] = "AmazonSSM.GetParameters"
    assert send(request)[1]["__type"] == "InvalidSignatureException"


def test_a_header_that_is_not_signed_may_change(aws: FakeAws) -> None:
    """The SDK leaves the User-Agent out, since proxies change it."""
    request = signed(aws)
    request.headers["User-Agent"] = "proxy/1"
    assert send(request)[0] == 200


def test_amazon_headers_must_be_signed(aws: FakeAws) -> None:
    """An x-amz header that was slipped in is refused."""
    request = signed(aws)
    request.headers["X-Amz-Extra"] = "1"
    assert "'X-Amz-Extra' must be a 'SignedHeader'" in send(request)[1]["message"]


def test_the_host_must_be_signed(aws: FakeAws) -> None:
    """A signature that leaves the host out is refused before it is computed."""
    request = signed(aws)
    authorization = request.headers["Authorization"]
    request.headers["Authorization"] = authorization.replace("content-type;host", "content-type")
    assert "'Host'" in send(request)[1]["message"]


def test_a_lie_about_the_body_s_hash_is_refused(aws: FakeAws) -> None:
    """X-Amz-Content-SHA256 does not stand in for the body."""
    request = signed(aws, extra={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
    assert send(request)[1]["__type"] == "InvalidSignatureException"


def test_an_unknown_action_is_refused(aws: FakeAws) -> None:
    """UnknownOperationException, as for every action that the fake does not have."""
    request = signed(aws)
    request.headers["X-Amz-Target"] = "Nobody.GetParameter"
    assert send(request) == (400, {"__type": "UnknownOperationException"})


def test_a_body_that_is_no_json_is_refused(aws: FakeAws) -> None:
    """SerializationException."""
    assert send(signed(aws, body=b'{"Name": '))[1]["__type"] == "SerializationException"


def test_a_repr_shows_no_secret(aws: FakeAws) -> None:
    """Neither the secret nor the token."""
    shown = repr(aws.credentials)
    assert aws.credentials.key_id in shown
    assert aws.credentials.secret not in shown
    assert (aws.credentials.token or "?") not in shown

"""Calls of STS, as botocore would write them, and what their responses say."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.serialize import create_serializer

from extension.aws.credentials import sts
from extension.aws.credentials.assumed_role import by_signature
from extension.aws.credentials.sts import StsCall
from extension.declared.credentials import Credentials
from extension.http.failure import Failed, Kind
from extension.http.messages import Response

ROLE = "arn:aws:iam::210987654321:role/path/reader"
MODEL = ServiceModel(Loader().load_service_model("sts", "service-2"))
KEYS = """<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>canary/+=</SecretAccessKey>
<SessionToken>canary-token==</SessionToken><Expiration>2023-11-14T22:13:20Z</Expiration>"""


def asked(call: StsCall) -> dict[str, str]:
    """The form that a call sends."""
    return dict(parse_qsl(call.request("host").body.decode(), strict_parsing=True))


def as_the_sdk(action: str, **parameters: str) -> dict[str, str]:
    """The form that botocore sends."""
    operation = MODEL.operation_model(action)
    made: Any = create_serializer("query").serialize_to_request(parameters, operation)
    return dict(made["body"])


@pytest.mark.parametrize("external_id", ["", "ключ & co/1=2"])
def test_a_role_is_assumed_as_by_the_sdk(external_id: str) -> None:
    """With the external id that it asks for, whatever characters that has."""
    call = by_signature(ROLE, "charge", external_id)
    given = {"ExternalId": external_id} if external_id else {}
    assert asked(call) == as_the_sdk("AssumeRole", RoleArn=ROLE, RoleSessionName="charge", **given)
    assert call.request("host").headers[0] == ("Host", "host")


def test_a_call_shows_no_token() -> None:
    """It may be logged."""
    assert "canary" not in repr(StsCall("A", ROLE, (("WebIdentityToken", "canary"),)))


def test_credentials_are_read_from_the_response() -> None:
    """With the moment at which they expire."""
    found = sts.read(Response(200, (), f"<Credentials>{KEYS}</Credentials>".encode()), ROLE)
    assert found == Credentials("ASIA", "canary/+=", "canary-token==", 1_700_000_000.0)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<Credentials/>",
        KEYS.replace("AccessKeyId", "KeyId"),
        KEYS.replace("2023-11-14", "soon"),
        KEYS[:-40],
        '{"Credentials": {}}',
    ],
)
def test_a_response_without_credentials_is_said_to_be_one(body: str) -> None:
    """It is not shown: half of them may be in it."""
    found = sts.read(Response(200, (), body.encode()), ROLE)
    assert found == Failed(Kind.INVALID, "STS's answer contains no credentials")


def test_a_response_that_is_no_text_is_said_to_be_none() -> None:
    """Whatever its status."""
    assert isinstance(sts.read(Response(200, (), b"\xff"), ROLE), Failed)
    found = sts.read(Response(503, (), b"\xff"), ROLE)
    assert isinstance(found, Failed)
    assert found.kind is Kind.INVALID


def failure(code: str, message: str = "m", status: int = 403) -> Failed:
    """What an error of STS means."""
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    body = f"<ErrorResponse>{error}</ErrorResponse>"
    found = sts.read(Response(status, (), body.encode()), ROLE)
    assert isinstance(found, Failed)
    return found


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDenied", 403, Kind.DENIED),
        ("ExpiredToken", 403, Kind.EXPIRED),
        ("ExpiredTokenException", 400, Kind.EXPIRED),
        ("InvalidClientTokenId", 403, Kind.UNAUTHENTICATED),
        ("InvalidIdentityToken", 400, Kind.INVALID),
        ("IDPCommunicationError", 400, Kind.INVALID),
        ("RegionDisabledException", 403, Kind.INVALID),
        ("Throttling", 400, Kind.THROTTLED),
        ("ValidationError", 400, Kind.REJECTED),
        ("InternalFailure", 500, Kind.INVALID),
        ("SomethingNew", 400, Kind.INVALID),
    ],
)
def test_an_error_is_final_only_where_sts_says_so(code: str, status: int, kind: Kind) -> None:
    """A provider of identities that does not answer may do so later."""
    assert failure(code, status=status).kind is kind


def test_a_signature_of_another_time_is_no_refusal() -> None:
    """The clock is wrong, and not the key."""
    found = failure("SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2")
    assert found.kind is Kind.EXPIRED


def test_a_denial_says_what_is_missing_at_both_ends() -> None:
    """The caller's permission and the role's trust."""
    rest = f"is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
    found = failure("AccessDenied", f"User: &quot;u&quot; {rest}")
    assert found.detail == f'AccessDenied: User: "u" {rest}'
    assert found.hint == (
        f"grant sts:AssumeRole on {ROLE} to the function's own role, "
        f"and let the trust policy of {ROLE} name who runs here"
    )


def test_a_web_identity_s_denial_speaks_of_the_role_s_trust_alone() -> None:
    """Nobody has to be allowed anything else."""
    found = failure("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    assert found.hint == f"let the trust policy of {ROLE} name who runs here"

"""Our Signature Version 4 against botocore's, on generated requests."""

import datetime
from email.message import Message
from typing import Any

import pytest
from botocore.auth import SIGNED_HEADERS_BLACKLIST, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SdkCredentials
from hypothesis import given, settings
from hypothesis import strategies as st

from extension.aws.client import sigv4
from extension.declared.credentials import Credentials
from extension.http.address import parse_url
from extension.http.messages import Request
from tests.fakes import http_service, signature

NOON = 1_700_000_000.0
# What the signer adds, what botocore leaves out of a signature, and the two whose presence
# changes what it signs (a body's hash that it believes, a second date).
TAKEN = {
    *SIGNED_HEADERS_BLACKLIST,
    "authorization",
    "date",
    "host",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
}

visible = st.characters(codec="ascii", categories=["L", "N", "P", "S"])
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\t"), max_size=30)
header_names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True).filter(
    lambda name: name.lower() not in TAKEN
)
headers = st.lists(st.tuples(header_names, words), max_size=6, unique_by=lambda h: h[0].lower())
credentials = st.builds(
    Credentials,
    access_key=st.from_regex(r"[A-Z0-9]{16,40}", fullmatch=True),
    secret_key=st.text(visible, min_size=1, max_size=60),
    session_token=st.none() | st.text(visible, max_size=400),
)
hosts = st.sampled_from(
    ["ssm.eu-west-1.amazonaws.com", "localhost", "127.0.0.1", "[::1]", "[fd00:ec2::23]", "a.b-c.d"]
)
ports = st.sampled_from(["", ":80", ":443", ":1", ":8080", ":65535"])
urls = st.builds("{}://{}{}".format, st.sampled_from(["http", "https"]), hosts, ports)
times = st.floats(min_value=0, max_value=253_402_300_799, allow_nan=False)
regions = st.from_regex(r"[a-z]{2}(-[a-z]{2,9}){1,2}-[1-9]", fullmatch=True)
services = st.sampled_from(["ssm", "secretsmanager", "kms"])


def by_botocore(
    request: AWSRequest, keys: Credentials, region: str, service: str, now: float
) -> dict[str, str]:
    """What botocore adds to a request at a given time; `add_auth` knows only its own clock."""
    known = SdkCredentials(keys.access_key, keys.secret_key, keys.session_token)
    signer: Any = SigV4Auth(known, service, region)  # two of its steps are its own affair
    second = datetime.datetime.fromtimestamp(int(now), datetime.UTC)
    request.context["timestamp"] = f"{second:%Y%m%dT%H%M%SZ}"
    before = set(request.headers.keys())
    signer._modify_request_before_signing(request)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    signer._inject_signature_to_request(request, signer.signature(text, request))
    return {key: value for key, value in request.headers.items() if key not in before}


@settings(deadline=None, max_examples=200)
@given(headers, st.binary(max_size=200), urls, credentials, regions, services, times)
def test_a_signature_is_botocore_s(
    headers: list[tuple[str, str]],
    body: bytes,
    url: str,
    keys: Credentials,
    region: str,
    service: str,
    now: float,
) -> None:
    """Date, token and Authorization, to the last character; the host as botocore derives it."""
    host = parse_url(url)[0].authority
    ours = sigv4.sign(
        Request("POST", "/", (("Host", host), *headers), body), keys, region, service, now
    )
    theirs = AWSRequest("POST", f"{url}/", dict(headers), body)
    assert dict(ours.headers[1 + len(headers) :]) == by_botocore(theirs, keys, region, service, now)


@settings(deadline=None)
@given(headers, st.binary(max_size=200), credentials)
def test_signing_leaves_the_request_as_it_was(
    headers: list[tuple[str, str]], body: bytes, keys: Credentials
) -> None:
    """It adds headers at the end, and changes nothing."""
    before = Request("POST", "/", (("Host", "localhost"), *headers), body)
    after = sigv4.sign(before, keys, "eu-west-1", "ssm", NOON)
    assert (after.method, after.target, after.body) == ("POST", "/", body)
    assert after.headers[: 1 + len(headers)] == before.headers


@settings(deadline=None)
@given(st.text(visible, max_size=30), st.binary(max_size=200), regions, services)
def test_the_fake_aws_accepts_what_we_sign(
    user_agent: str, body: bytes, region: str, service: str
) -> None:
    """With the User-Agent too, which botocore would not sign."""
    keys = signature.Credentials.fresh()
    ring = signature.KeyRing()
    ring.accept(keys)
    unsigned = Request("POST", "/", (("Host", "localhost"), ("User-Agent", user_agent)), body)
    ours = sigv4.sign(
        unsigned, Credentials(keys.key_id, keys.secret, keys.token), region, service, NOON
    )
    received = Message()
    for name, value in ours.headers:
        received[name] = value
    signature.verify(
        http_service.Request("POST", "/", received, body, connection=1),
        ring,
        region,
        service,
        datetime.datetime.fromtimestamp(NOON, datetime.UTC),
    )


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ],
)
def test_a_signature_is_that_of_aws_s_test_suite(method: str, expected: str) -> None:
    """Cases `get-vanilla` and `post-vanilla` of the suite that AWS published for signers."""
    keys = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    moment = datetime.datetime(2015, 8, 30, 12, 36, tzinfo=datetime.UTC).timestamp()
    request = Request(method, "/", (("Host", "example.amazonaws.com"),))
    signed = sigv4.sign(request, keys, "us-east-1", "service", moment)
    assert signed.headers[-1] == (
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={expected}",
    )


@given(credentials)
def test_a_repr_shows_neither_secret_nor_token(keys: Credentials) -> None:
    """Whatever they hold, the text is that of any other key with this id."""
    other = Credentials(keys.access_key, "other secret", keys.session_token and "other token")
    assert repr(keys) == repr(other)


def test_the_user_agent_is_not_signed() -> None:
    """A proxy may rewrite it."""
    request = Request("POST", "/", (("Host", "localhost"), ("User-Agent", "a"), ("X-A", "b")))
    name, authorization = sigv4.sign(
        request, Credentials("id", "secret", "token"), "eu-west-1", "ssm", NOON
    ).headers[-1]
    assert name == "Authorization"
    assert "SignedHeaders=host;x-a;x-amz-date;x-amz-security-token, " in authorization

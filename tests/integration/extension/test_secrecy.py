"""No value, no token and no key ever stands in output, problem or status.

The `start` fixture holds the output of every other daemon in these tests to the same.
"""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, Fault, Refuse, Reply
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.http_service import Delivery
from tests.integration.conftest import Start
from tests.integration.daemon import Daemon
from tests.integration.process import STEADY
from tests.integration.raw_client import RawClient

VALUE = "canary-4f1d"
TARGETS = [
    "/v1/secrets/P",
    "/v1/secrets/P?refresh=true",
    "/v1/secrets/F",
    "/v1/secrets",
    "/v1/status",
]
DEBUG = {"WARMKEY_LOG_LEVEL": "debug"}


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")


def holding(start: Start, aws: FakeAws) -> Daemon:
    """A daemon that holds a secret, and a field that it has not; it logs all that it can."""
    aws.parameters.put("/p", VALUE)
    return start(P="warmkey:/p", F="warmkey:/p#field", **DEBUG, **STEADY).wait_until_ready()


def assert_secret(aws: FakeAws, *texts: str) -> None:
    """Assert that no text holds the value, a token or a key."""
    token = aws.credentials.token or ""
    for text in texts:
        for secret in (VALUE, aws.credentials.secret, token[:40], token[-40:]):
            assert secret not in text


def test_an_ordinary_life_tells_no_secret(aws: FakeAws, start: Start) -> None:
    """Start, reads of every kind, refreshes, at the lowest log level."""
    daemon = holding(start, aws)
    assert daemon.read("P") == VALUE
    for target in TARGETS:
        daemon.get(target)
    assert_secret(
        aws, daemon.output, daemon.get("/v1/status").text, daemon.get("/v1/secrets/F").text
    )


@pytest.mark.parametrize(
    "fault",
    [
        Reply(f'{{"Parameter": {{"Name": "/p", "Value": "{VALUE}", "Vers'.encode()),
        Reply(f'{{"Parameter": {{"Name": "/p", "Value": ["{VALUE}"], "Version": 1}}}}'.encode()),
        Reply(f'{{"Parameter": "{VALUE}"}}'.encode()),
        Reply(f'["{VALUE}"]'.encode()),
        Reply(VALUE.encode(), 500),
        Delivery.TRUNCATED,
        Delivery.TOO_LONG,
        Delivery.RESET_IN_BODY,
    ],
    ids=str,
)
def test_an_answer_that_makes_no_sense_is_not_shown(
    aws: FakeAws, start: Start, fault: Fault
) -> None:
    """It may hold the value all the same."""
    daemon = holding(start, aws)
    aws.faults.always(ANY, fault)
    problem = daemon.get("/v1/secrets/P?refresh=true")
    assert problem.status_code == 502
    assert_secret(aws, problem.text, daemon.get("/v1/status").text, daemon.output)


def test_signature_errors_of_aws_are_not_shown(aws: FakeAws, start: Start) -> None:
    """Its words repeat the request that it expected, session token and all."""
    words = (
        "The request signature we calculated does not match the signature you provided. The "
        "Canonical String for this request should have been\n'POST\n/\n\nhost:localhost\n"
        f"x-amz-security-token:{aws.credentials.token}\n'"
    )
    aws.faults.always(ANY, Refuse("InvalidSignatureException", words))
    daemon = holding(start, aws)
    problem = daemon.get("/v1/secrets/P")
    assert "InvalidSignatureException" in problem.text
    assert_secret(aws, problem.text, daemon.get("/v1/status").text, daemon.output)


def test_a_refused_request_is_not_repeated(aws: FakeAws, start: Start) -> None:
    """A wrong token may be the right one with a slip in it."""
    daemon = holding(start, aws)
    slip = daemon.token[:-1]
    header = daemon.get("/v1/secrets/P", {TOKEN_HEADER: slip}).text
    value = daemon.get(f"/v1/secrets/P?token={slip}").text
    name = daemon.get(f"/v1/secrets/P?{slip}").text
    with RawClient(daemon.port) as client:
        line = client.ask(daemon.request("/ping", slip)).body.decode()
    assert_secret(aws, header, value, name, line, daemon.output)


def test_a_bad_setting_that_holds_a_secret_stops_the_start_without_it(
    aws: FakeAws, start: Start
) -> None:
    """Variables that hold secrets are not among those whose value is shown."""
    daemon = start(WARMKEY_TOKEN=VALUE, WARMKEY_TTL="soon", P="warmkey:/p")
    assert daemon.wait_for_end() == 1
    assert_secret(aws, daemon.output)


@pytest.mark.parametrize("form", [str, lambda text: quote(text, safe=""), json.dumps, _base64])
def test_secrets_repeated_by_aws_are_redacted(
    aws: FakeAws, start: Start, form: Callable[[str], str]
) -> None:
    """A value, a token and a key, in log, problem, plain text and status."""
    value = f"{VALUE} with/more"
    aws.parameters.put("/p", value)
    daemon = start(P="warmkey:/p", **DEBUG, **STEADY).wait_until_ready()
    credentials = aws.credentials
    secrets = (value, credentials.secret, credentials.token or "")
    for final in (True, False):
        kind = "ValidationException" if final else "InternalFailure"
        for secret in secrets:
            message = f"it is {form(secret)} that was sent"
            aws.faults.always(ANY, Refuse(kind, message))
            plain = daemon.get("/systemsmanager/parameters/get?name=/other")
            texts = [
                daemon.get("/v1/secrets/P?refresh=true").text,
                plain.text,
                daemon.get("/v1/status").text,
                daemon.output,
            ]
            assert f"{kind}: it is " in texts[0]
            for text in texts:
                assert secret not in text
                assert form(secret) not in text


def test_a_reader_who_asks_by_a_value_is_not_told_it_back(aws: FakeAws, start: Start) -> None:
    """As an alias, as a name, as a parameter and in the path."""
    daemon = holding(start, aws)
    for target in (
        f"/v1/secrets/{VALUE}",
        f"/v1/secrets/P?{VALUE}=1",
        f"/v1/secrets/P?format={VALUE}",
        f"/{VALUE}",
        f"/systemsmanager/parameters/get?name={VALUE}",
        f"/secretsmanager/get?secretId=a&refreshNow={VALUE}",
    ):
        answer = daemon.get(target)
        assert answer.status_code >= 400
        assert VALUE not in answer.text
        assert "***" in answer.text
    assert_secret(aws, daemon.output)


def test_an_error_of_aws_grows_no_answer_and_no_line(aws: FakeAws, start: Start) -> None:
    """A message of a megabyte."""
    aws.faults.always(ANY, Refuse("ValidationException", "x" * 1_000_000))
    daemon = start(P="warmkey:/p", Q="warmkey:/q", **DEBUG).wait_until_ready()
    texts = [daemon.get("/v1/secrets/P").text, *daemon.output.splitlines()]
    assert max(map(len, texts)) < 2000
    assert "xxx" in texts[0]

"""No value, no token and no key ever stands in output, problem or status.

The `start` fixture holds the output of every other daemon in these tests to the same.
"""

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, Fault, Refuse, Reply
from tests.fakes.http_service import Delivery
from tests.integration.conftest import Start
from tests.integration.daemon import TOKEN_HEADER, Daemon
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


def test_what_aws_says_of_a_signature_is_not_shown(aws: FakeAws, start: Start) -> None:
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

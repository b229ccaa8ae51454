"""AWS credentials that the daemon finds in its environment: keys that are good, bad, or missing."""

from tests.fakes.aws import FakeAws
from tests.fakes.heads import TOKEN_HEADER
from tests.fakes.signature import Credentials
from tests.integration.conftest import Start

NO_KEYS = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))


def test_a_long_lived_key_needs_no_session_token(aws: FakeAws, start: Start) -> None:
    """As a developer's own key has none; the endpoint then takes WARMKEY_TOKEN."""
    aws.parameters.put("/p", "canary")
    key = Credentials("AKIDEXAMPLE", "secret-key", None)
    aws.keys.accept(key)
    daemon = start(
        **NO_KEYS | key.environment(), P="warmkey:/p", WARMKEY_TOKEN="mine"
    ).wait_until_ready()
    assert daemon.get("/v1/secrets/P", {TOKEN_HEADER: "mine"}).text == "canary"


def test_missing_credentials_are_a_problem(aws: FakeAws, start: Start) -> None:
    """Log and endpoint say so, and which variables would mend it; no call is made."""
    daemon = start(**NO_KEYS, P="warmkey:/p", WARMKEY_TOKEN="mine").wait_until_ready()
    problem = daemon.get("/v1/secrets/P", {TOKEN_HEADER: "mine"})
    assert problem.status_code == 502
    assert problem.json()["detail"] == "P: there are no AWS credentials"
    assert "AWS_ACCESS_KEY_ID" in problem.json()["hint"]
    (line,) = daemon.logged("ERROR")
    assert line["reason"] == "there are no AWS credentials"
    assert line["hint"] == problem.json()["hint"]
    assert aws.calls == []


def test_credentials_that_aws_does_not_know_are_a_problem(aws: FakeAws, start: Start) -> None:
    """They may be new and not known yet, so each read asks again, and once."""
    aws.keys.revoke(aws.credentials)
    daemon = start(P="warmkey:/p").wait_until_ready()
    problem = daemon.get("/v1/secrets/P").json()
    assert problem["type"] == "urn:warmkey:problem:upstream-unauthenticated"
    assert "AWS_ACCESS_KEY_ID" in problem["hint"]
    assert len(aws.calls) == 2


def test_a_signature_with_a_wrong_secret_is_a_problem(start: Start) -> None:
    """And the wrong secret stands nowhere."""
    daemon = start(P="warmkey:/p", AWS_SECRET_ACCESS_KEY="canary-key").wait_until_ready()
    problem = daemon.get("/v1/secrets/P")
    assert "InvalidSignatureException" in problem.json()["detail"]
    assert "canary" not in problem.text

"""What every answer of the endpoint has, and what one odd value must not spoil."""

from email.utils import parsedate_to_datetime

import pytest

from tests.fakes.aws import FakeAws
from tests.integration.conftest import Start


@pytest.mark.parametrize("number", ["NaN", "Infinity", '{"b": NaN}'])
def test_a_number_that_json_lacks_is_a_problem_of_its_secret_alone(
    aws: FakeAws, start: Start, number: str
) -> None:
    """Many parsers take it, and the function must start whatever a value holds."""
    aws.parameters.put("/n", f'{{"a": {number}}}')
    aws.parameters.put("/good", "canary")
    daemon = start(N="warmkey:/n#a", GOOD="warmkey:/good").wait_until_ready()
    assert "a number that JSON does not allow" in daemon.get("/v1/secrets/N").json()["detail"]
    assert daemon.read("GOOD") == "canary"


@pytest.mark.parametrize(
    "target",
    ["/v1/secrets/A?format=json", "/systemsmanager/parameters/get?name=/a&withDecryption=true"],
)
def test_a_client_that_holds_a_value_is_told_so_in_every_form(
    aws: FakeAws, start: Start, target: str
) -> None:
    """By 304, as for the bare value."""
    aws.parameters.put("/a", "canary")
    daemon = start(A="warmkey:/a").wait_until_ready()
    etag = daemon.get(target).headers["ETag"]
    assert daemon.get(target, {"If-None-Match": etag}).status_code == 304


def test_an_answer_says_when_it_was_sent(aws: FakeAws, start: Start) -> None:
    """Without a date (RFC 9110 §6.6.1) some caches keep nothing."""
    aws.parameters.put("/a", "canary")
    daemon = start(A="warmkey:/a").wait_until_ready()
    for target in ("/v1/secrets/A", "/v1/secrets/B", "/ping"):
        assert parsedate_to_datetime(daemon.get(target).headers["Date"]).tzinfo is not None


@pytest.mark.parametrize(
    "target", ["/ping", "/v1/secrets/P", "/v1/status", "/v1/secrets/gone", "/no"]
)
def test_no_browser_takes_an_answer_for_something_else(
    aws: FakeAws, start: Start, target: str
) -> None:
    """Nor does it show it to a page of another site."""
    aws.parameters.put("/p", "canary")
    answer = start(P="warmkey:/p").wait_until_ready().get(target)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"

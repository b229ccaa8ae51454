"""What a read gets as its value ages, as its parameter changes, and while upstream fails.

A TTL of zero makes every read one of an expired value, so that no test waits for time to pass.
"""

import pytest

from extension import VERSION
from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, INTERNAL_ERROR, THROTTLE, Deny, Fault, Refuse
from tests.fakes.http_service import Delivery
from tests.fakes.not_now import NOT_NOW
from tests.fakes.parameter import Key
from tests.integration.conftest import Start
from tests.integration.daemon import Daemon
from tests.integration.process import SHORT, STEADY

REFRESH = "/v1/secrets/P?refresh=true"
EXPIRED = {"WARMKEY_TTL": "0"}
PASSING = [THROTTLE, INTERNAL_ERROR, Delivery.RESET, Delivery.HANG]


def holding(start: Start, aws: FakeAws, **variables: str) -> Daemon:
    """A daemon that holds the first version of `/p`, which then gets a second."""
    aws.parameters.put("/p", "canary-1")
    daemon = start(P="warmkey:/p", **variables).wait_until_ready()
    aws.parameters.put("/p", "canary-2")
    return daemon


def test_a_fresh_value_is_served_without_a_call(aws: FakeAws, start: Start) -> None:
    """However often it is read."""
    daemon = holding(start, aws)
    assert [daemon.read("P") for _ in range(5)] == ["canary-1"] * 5
    assert len(aws.calls) == 1


def test_a_refresh_brings_the_new_value_for_everyone(aws: FakeAws, start: Start) -> None:
    """Under another ETag, and later reads need no call."""
    daemon = holding(start, aws)
    before = daemon.get("/v1/secrets/P")
    assert daemon.get(REFRESH).text == "canary-2"
    after = daemon.get("/v1/secrets/P")
    assert (before.text, after.text) == ("canary-1", "canary-2")
    assert before.headers["ETag"] != after.headers["ETag"]
    assert len(aws.calls) == 2


@pytest.mark.parametrize("refresh", ["refresh=true&format=json", "format=json&refresh=true"])
def test_a_refresh_may_ask_for_json(aws: FakeAws, start: Start, refresh: str) -> None:
    """In any order."""
    daemon = holding(start, aws)
    assert daemon.get(f"/v1/secrets/P?{refresh}").json()["version"] == "2"


@pytest.mark.parametrize("fault", [*PASSING, Deny()], ids=str)
def test_a_refresh_that_fails_is_an_error(aws: FakeAws, start: Start, fault: Fault) -> None:
    """Though an older value is held."""
    daemon = holding(start, aws, **SHORT)
    aws.faults.always(ANY, fault)
    assert daemon.get(REFRESH).status_code in (502, 504)


def test_a_refresh_that_fails_in_passing_costs_nobody_else_the_value(
    aws: FakeAws, start: Start
) -> None:
    """It is fresh still."""
    daemon = holding(start, aws, **SHORT)
    aws.faults.always(ANY, INTERNAL_ERROR)
    daemon.get(REFRESH)
    answer = daemon.get("/v1/secrets/P")
    assert (answer.text, answer.headers["Warmkey-State"]) == ("canary-1", "fresh")


def test_an_expired_value_is_refreshed_first(aws: FakeAws, start: Start) -> None:
    """A TTL of zero means that every read goes upstream."""
    daemon = holding(start, aws, **EXPIRED)
    answer = daemon.get("/v1/secrets/P")
    assert answer.text == "canary-2"
    assert answer.headers["Cache-Control"] == "private, max-age=0"
    assert daemon.read("P") == "canary-2"
    assert len(aws.calls) == 3


@pytest.mark.parametrize("fault", PASSING, ids=str)
def test_an_expired_value_is_served_as_stale_while_upstream_fails_in_passing(
    aws: FakeAws, start: Start, fault: Fault
) -> None:
    """The last good one, marked, and not to be kept."""
    daemon = holding(start, aws, **EXPIRED, **SHORT)
    aws.faults.always(ANY, fault)
    answer = daemon.get("/v1/secrets/P")
    assert (answer.status_code, answer.text) == (200, "canary-1")
    assert answer.headers["Warmkey-State"] == "stale"
    assert answer.headers["Cache-Control"] == "private, max-age=0"


@pytest.mark.parametrize("fault", NOT_NOW.values(), ids=NOT_NOW)
def test_an_answer_that_is_not_known_to_be_final_leaves_the_last_value(
    aws: FakeAws, start: Start, fault: Fault
) -> None:
    """Whether it comes to a single name or to a batch, of either service."""
    aws.parameters.put("/q", "canary-q")
    aws.secrets.put("s", "canary-s")
    others = {"Q": "warmkey:/q", "S": "warmkey:secretsmanager:s"}
    brief = {**SHORT, "SECRETS_MANAGER_TIMEOUT_MILLIS": SHORT["SSM_PARAMETER_STORE_TIMEOUT_MILLIS"]}
    daemon = holding(start, aws, **EXPIRED, **brief, **others)
    aws.faults.always(ANY, fault)
    values = {"P": "canary-1", "Q": "canary-q", "S": "canary-s"}
    assert daemon.get("/v1/secrets").json() == values
    answer = daemon.get("/v1/secrets/P")
    assert (answer.text, answer.headers["Warmkey-State"]) == ("canary-1", "stale")


def test_a_stale_value_gives_way_when_upstream_works_again(aws: FakeAws, start: Start) -> None:
    """With the next read."""
    daemon = holding(start, aws, **EXPIRED, **STEADY)
    aws.faults.always(ANY, INTERNAL_ERROR)
    assert daemon.get("/v1/secrets/P").headers["Warmkey-State"] == "stale"
    aws.faults.clear()
    answer = daemon.get("/v1/secrets/P")
    assert (answer.text, answer.headers["Warmkey-State"]) == ("canary-2", "fresh")


def test_a_stale_value_has_its_time_too(aws: FakeAws, start: Start) -> None:
    """After WARMKEY_STALE_IF_ERROR the reader gets the error."""
    daemon = holding(start, aws, **EXPIRED, **SHORT, WARMKEY_STALE_IF_ERROR="0")
    aws.faults.always(ANY, Delivery.HANG)
    assert daemon.get("/v1/secrets/P").status_code == 504


@pytest.mark.parametrize(
    "gone", ["denied", "deleted", "its key disabled", "its key denied", "refused"]
)
def test_a_value_that_is_refused_for_good_is_served_no_more(
    aws: FakeAws, start: Start, gone: str
) -> None:
    """A revoked secret stops working, for plain reads too."""
    daemon = holding(start, aws, **EXPIRED)
    match gone:
        case "denied":
            aws.faults.always("/p", Deny())
        case "deleted":
            aws.parameters.delete("/p")
        case "its key disabled":
            aws.parameters.set_key("/p", Key.DISABLED)
        case "its key denied":
            aws.parameters.set_key("/p", Key.DENIED)
        case _:
            aws.faults.always("/p", Refuse("ValidationException"))
    assert daemon.get("/v1/secrets/P").status_code == 502
    assert daemon.get("/v1/secrets").status_code == 502


def test_a_refresh_that_is_refused_for_good_ends_the_value_for_everyone(
    aws: FakeAws, start: Start
) -> None:
    """Though it was fresh."""
    daemon = holding(start, aws)
    aws.faults.always("/p", Deny())
    daemon.get(REFRESH)
    assert daemon.get("/v1/secrets/P").status_code == 502


def test_a_refusal_is_remembered_for_a_while(aws: FakeAws, start: Start) -> None:
    """For WARMKEY_NEGATIVE_TTL: a handler that tries again and again costs one call."""
    daemon = start(P="warmkey:/p", WARMKEY_NEGATIVE_TTL="300").wait_until_ready()
    assert [daemon.get("/v1/secrets/P").status_code for _ in range(3)] == [502] * 3
    assert len(aws.calls) == 1


def test_a_refusal_may_be_forgotten_at_once(aws: FakeAws, start: Start) -> None:
    """With a WARMKEY_NEGATIVE_TTL of zero."""
    daemon = start(P="warmkey:/p", WARMKEY_NEGATIVE_TTL="0").wait_until_ready()
    aws.parameters.put("/p", "canary")
    assert daemon.read("P") == "canary"


def test_a_refresh_looks_past_a_refusal(aws: FakeAws, start: Start) -> None:
    """Whoever has just created the parameter need not wait."""
    daemon = start(P="warmkey:/p").wait_until_ready()
    aws.parameters.put("/p", "canary")
    assert daemon.get(REFRESH).text == "canary"
    assert daemon.read("P") == "canary"


def test_each_service_may_have_a_ttl_of_its_own(aws: FakeAws, start: Start) -> None:
    """By the names that AWS's extension has for them."""
    aws.parameters.put("/p", "canary")
    aws.secrets.put("s", "canary")
    daemon = start(
        P="warmkey:/p",
        S="warmkey:secretsmanager:s",
        SSM_PARAMETER_STORE_TTL="300",
        SECRETS_MANAGER_TTL="0",
    ).wait_until_ready()
    assert daemon.get("/v1/secrets/P").headers["Cache-Control"] != "private, max-age=0"
    assert daemon.get("/v1/secrets/S").headers["Cache-Control"] == "private, max-age=0"
    assert aws.actions.count("GetSecretValue") == 2


def test_the_status_tells_what_is_held(aws: FakeAws, start: Start) -> None:
    """For each alias its name, state, age, version, and the last failure; counters beside."""
    aws.parameters.put("/p", "canary")
    daemon = start(
        P="warmkey:/p", GONE="warmkey:/gone", STAGE="prod", WARMKEY_LOG_LEVEL="none"
    ).wait_until_ready()
    daemon.read("P")
    status = daemon.status()
    assert 0 <= status["secrets"]["P"].pop("age") < 60
    assert ":parameter/p" in status["secrets"]["P"].pop("arn")
    assert status["secrets"] == {
        "P": {
            "name": "/p",
            "state": "fresh",
            "version": "1",
            "error": None,
            "errorKind": None,
        },
        "GONE": {
            "name": "/gone",
            "state": "missing",
            "age": None,
            "version": None,
            "arn": None,
            "errorKind": "missing",
            "error": "SSM parameter /gone does not exist in this account and region",
        },
    }
    assert status["counters"] == {"reads": 1, "upstreamCalls": 1, "upstreamErrors": 0}
    assert (status["state"], status["version"]) == ("ready", VERSION)
    told = daemon.status(authenticated=False)["secrets"]
    assert 0 <= told["P"].pop("age") < 60
    assert told == {
        "P": {"state": "fresh", "errorKind": None},
        "GONE": {"state": "missing", "age": None, "errorKind": "missing"},
    }
    assert daemon.output == ""


def test_a_reader_who_can_have_a_stale_value_waits_no_longer_than_one_attempt(
    aws: FakeAws, start: Start
) -> None:
    """Where there is nothing else to give, it is five."""
    daemon = holding(start, aws, **EXPIRED, **SHORT)
    aws.faults.always(ANY, Delivery.HANG)
    before = daemon.status()["counters"]["upstreamCalls"]
    answer = daemon.get("/v1/secrets/P")
    assert (answer.text, answer.headers["Warmkey-State"]) == ("canary-1", "stale")
    assert daemon.status()["counters"]["upstreamCalls"] == before + 1


def test_every_secret_is_refreshed_by_one_call(aws: FakeAws, start: Start) -> None:
    """Whoever reads all of them, once they have expired, pays as much as a cold start does."""
    for number in range(10):
        aws.parameters.put(f"/p/{number}", "canary-1")
    declared = {f"P{number}": f"warmkey:/p/{number}" for number in range(10)}
    daemon = start(**declared, **EXPIRED).wait_until_ready()
    assert len(daemon.get("/v1/secrets").json()) == 10
    assert aws.actions == ["GetParameters"] * 2

"""The daemon outlasts what passes upstream: throttling, time-outs, broken connections, garbage."""

import threading

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, GARBAGE, INTERNAL_ERROR, THROTTLE, Fault, Hold, Refuse, Reply
from tests.fakes.http_service import Delivery
from tests.integration.conftest import Start
from tests.integration.declared import declare
from tests.integration.process import STEADY
from tests.integration.raw_client import RawClient
from tests.rapid.ports import ReservedPort

PASSING = [
    THROTTLE,
    INTERNAL_ERROR,
    GARBAGE,
    Reply(b""),
    Reply(b"<html>busy</html>", 503),
    Reply(b"[]"),
    Delivery.RESET,
    Delivery.RESET_IN_BODY,
    Delivery.TRUNCATED,
    Delivery.TOO_LONG,
]
SHORT = "100"  # milliseconds for one attempt; five of them are the budget
FAIR = "400"  # milliseconds: so that five outlast a pause of the machine
NO_NAME = "w" * 64 + ".invalid"  # longer than a name's parts may be: no name server is asked


@pytest.mark.parametrize("fault", PASSING, ids=str)
def test_a_passing_failure_of_the_prefetch_is_outlasted(
    aws: FakeAws, start: Start, fault: Fault
) -> None:
    """The batch is tried again, as a batch."""
    variables = declare(aws, 3)
    aws.faults.once("GetParameters", fault)
    daemon = start(**variables).wait_until_ready()
    assert daemon.read("P2") == "canary-2"
    assert aws.actions == ["GetParameters"] * 2
    assert daemon.logged("WARN") + daemon.logged("ERROR") == []


@pytest.mark.parametrize("fault", PASSING, ids=str)
def test_a_passing_failure_of_a_refresh_is_outlasted(
    aws: FakeAws, start: Start, fault: Fault
) -> None:
    """The reader gets the new value."""
    daemon = start(**declare(aws, 1)).wait_until_ready()
    aws.parameters.put("/p/0", "canary-new")
    aws.faults.once("GetParameter", fault)
    assert daemon.get("/v1/secrets/P0?refresh=true").text == "canary-new"


@pytest.mark.parametrize("delivery", [Delivery.HANG, Delivery.HANG_IN_BODY])
def test_an_attempt_that_hangs_is_given_up_and_tried_again(
    aws: FakeAws, start: Start, delivery: Delivery
) -> None:
    """After WARMKEY_UPSTREAM_TIMEOUT_MILLIS, over another connection."""
    variables = declare(aws, 1)
    aws.faults.once("GetParameter", delivery)
    daemon = start(**variables, WARMKEY_UPSTREAM_TIMEOUT_MILLIS=FAIR).wait_until_ready()
    assert daemon.read("P0") == "canary-0"
    assert daemon.logged("ERROR") == []
    first, second = (call["phases"] for call in daemon.status()["calls"][:2])
    assert second["began"] - first["began"] >= int(FAIR)
    assert "connected" in second


@pytest.mark.parametrize("delivery", [Delivery.CHUNKED, Delivery.ANNOUNCED_CLOSE])
def test_an_answer_may_come_in_chunks_or_with_a_farewell(
    aws: FakeAws, start: Start, delivery: Delivery
) -> None:
    """Both are whole answers, and the next call works."""
    variables = declare(aws, 2)
    aws.faults.once("GetParameters", delivery)
    daemon = start(**variables).wait_until_ready()
    assert daemon.read("P1") == "canary-1"
    assert daemon.get("/v1/secrets/P1?refresh=true").text == "canary-1"
    assert daemon.status()["counters"]["upstreamErrors"] == 0


def test_a_throttled_batch_is_never_read_as_singles(aws: FakeAws, start: Start) -> None:
    """That would make ten calls of one; it fails as a whole instead."""
    variables = declare(aws, 10)
    aws.faults.always("GetParameters", THROTTLE)
    daemon = start(**variables, WARMKEY_UPSTREAM_TIMEOUT_MILLIS=SHORT).wait_until_ready()
    assert {call.action for call in aws.wait_for_calls(1)} == {"GetParameters"}
    assert len(daemon.logged("ERROR")) == 10
    assert daemon.logged("WARN") == []


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (THROTTLE, 502, "throttled"),
        (INTERNAL_ERROR, 502, "broken"),
        (GARBAGE, 502, "broken"),
        (Delivery.RESET, 502, "unreachable"),
        (Delivery.HANG, 504, "timeout"),
        (Refuse("ExpiredTokenException", "expired"), 502, "expired"),
    ],
    ids=str,
)
def test_a_failure_that_lasts_is_a_problem(
    aws: FakeAws, start: Start, fault: Fault, status: int, kind: str
) -> None:
    """After the time of one attempt, who wants the new value and no other hears what is wrong."""
    daemon = start(**declare(aws, 1), **STEADY).wait_until_ready()
    aws.faults.always(ANY, fault)
    problem = daemon.get("/v1/secrets/P0?refresh=true")
    assert problem.status_code == status
    assert problem.json()["type"] == f"urn:warmkey:problem:upstream-{kind}"


def test_a_service_that_is_not_there_is_a_problem(start: Start, free: ReservedPort) -> None:
    """After the budget of five attempts' time, who has no value hears of it, with the address."""
    daemon = start(
        P="warmkey:/p",
        AWS_ENDPOINT_URL=f"http://{free.address}",
        WARMKEY_UPSTREAM_TIMEOUT_MILLIS=SHORT,
    ).wait_until_ready()
    detail = daemon.get("/v1/secrets/P").json()["detail"]
    assert detail == f"P: {free.address}: Connection refused"


def test_a_name_that_does_not_resolve_is_a_problem(start: Start) -> None:
    """The hint says where to look."""
    daemon = start(
        P="warmkey:/p",
        AWS_ENDPOINT_URL=f"http://{NO_NAME}",
        WARMKEY_PREFETCH_TIMEOUT_MILLIS="100",
        WARMKEY_UPSTREAM_TIMEOUT_MILLIS=FAIR,
    ).wait_until_ready()
    problem = daemon.get("/v1/secrets/P").json()
    assert problem["detail"] == f"P: {NO_NAME} can't be resolved"
    assert "AWS_ENDPOINT_URL" in problem["hint"]


def test_a_missing_value_is_fetched_when_upstream_works_again(aws: FakeAws, start: Start) -> None:
    """A failure that passes is not remembered."""
    variables = declare(aws, 1)
    aws.faults.always(ANY, THROTTLE)
    daemon = start(**variables, WARMKEY_UPSTREAM_TIMEOUT_MILLIS=FAIR).wait_until_ready()
    aws.faults.clear()
    assert daemon.read("P0") == "canary-0"


def test_a_connection_is_kept_for_the_next_call(aws: FakeAws, start: Start) -> None:
    """Prefetch and refreshes share one."""
    daemon = start(**declare(aws, 1)).wait_until_ready()
    for _ in range(3):
        daemon.get("/v1/secrets/P0?refresh=true")
    assert [call.connection for call in aws.calls] == [1] * 4


def test_a_connection_that_the_server_has_dropped_is_replaced_unnoticed(
    aws: FakeAws, start: Start
) -> None:
    """As after a freeze: no failure is counted, and the reader does not wait for a retry."""
    daemon = start(**declare(aws, 1)).wait_until_ready()
    aws.drop_connections()
    assert daemon.get("/v1/secrets/P0?refresh=true").text == "canary-0"
    assert daemon.status()["counters"] == {"reads": 1, "upstreamCalls": 2, "upstreamErrors": 0}


def test_a_connection_that_ends_with_an_answer_is_replaced_unnoticed(
    aws: FakeAws, start: Start
) -> None:
    """Though the answer did not announce it."""
    variables = declare(aws, 1)
    aws.faults.once("GetParameter", Delivery.CLOSE_AFTER)
    daemon = start(**variables).wait_until_ready()
    assert daemon.get("/v1/secrets/P0?refresh=true").text == "canary-0"
    assert daemon.status()["counters"]["upstreamErrors"] == 0


def test_one_call_serves_all_who_wait(aws: FakeAws, start: Start) -> None:
    """However many read an expired value at once."""
    daemon = start(**declare(aws, 1), WARMKEY_TTL="0").wait_until_ready()
    aws.parameters.put("/p/0", "canary-new")
    answer = threading.Event()
    aws.faults.once("GetParameter", Hold(answer))
    with RawClient(daemon.port) as first, RawClient(daemon.port) as second:
        for client in (first, second):
            client.send(daemon.request("/v1/secrets/P0"))
        daemon.wait_for_count("reads", 2)
        answer.set()
        assert {client.answer().body for client in (first, second)} == {b"canary-new"}
    assert len(aws.calls) == 2

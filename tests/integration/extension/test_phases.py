"""What the daemon tells of its start to who looks for what makes it slow."""

import time
from pathlib import Path
from typing import Any

from tests.fakes.aws import FakeAws
from tests.fakes.certificates import Authority
from tests.fakes.faults import INTERNAL_ERROR
from tests.integration.conftest import Start

UNTIL_NEXT = [
    *("bound", "registering", "loaded"),
    *("sent", "registered", "received", "ready", "next"),
]


def order(about: dict[str, Any]) -> list[str]:
    """The names of phases, by when they were over."""
    moments: dict[str, float] = about["phases"]
    return sorted(moments, key=moments.__getitem__)


def test_the_phases_of_a_cold_start_are_in_order(aws: FakeAws, start: Start) -> None:
    """In milliseconds since it began, in the status and in the log's line."""
    aws.parameters.put("/a", "canary-a")
    daemon = start(A="warmkey:/a").wait_until_ready()
    assert order(daemon.status()) == UNTIL_NEXT
    daemon.read("A")
    status = daemon.status()
    assert order(status) == [*UNTIL_NEXT, "read"]
    logged = daemon.wait_for_line('"ready"')["phases"]
    assert logged.items() <= status["phases"].items()
    assert logged.keys() >= set(UNTIL_NEXT)


def test_a_start_tells_when_it_began(start: Start) -> None:
    """So that its phases can be put beside another clock's."""
    before = time.time()
    status = start(A="warmkey:/a").wait_until_ready().status()
    assert before < status["startedAt"] < time.time()


def test_the_calls_of_a_cold_start_are_told(aws: FakeAws, start: Start) -> None:
    """Each attempt; over a connection that stands, nothing is opened."""
    aws.parameters.put("/a", "canary-a")
    aws.faults.once("GetParameter", INTERNAL_ERROR)
    status = start(A="warmkey:/a").wait_until_ready().status()
    failed, repeated = status["calls"]
    phases = order(failed)
    assert phases.index("signed") < phases.index("sent")  # whenever there was time for it
    phases.remove("signed")
    assert phases == ["began", "resolved", "connected", "sent", "received"]
    assert order(repeated) == ["began", "signed", "sent", "received"]
    assert (failed["status"], repeated["status"]) == (500, 200)
    assert (repeated["service"], repeated["action"]) == ("ssm", "GetParameter")
    assert failed["phases"]["sent"] <= status["phases"]["sent"]
    assert repeated["phases"]["received"] <= status["phases"]["received"]


def test_a_call_over_tls_tells_when_keys_were_agreed(start: Start, tmp_path: Path) -> None:
    """After it was connected, and before the request was sent."""
    with FakeAws(Authority(tmp_path).issue()) as aws:
        aws.parameters.put("/a", "canary-a")
        (call,) = start(**aws.environment(), A="warmkey:/a").wait_until_ready().status()["calls"]
    assert order(call)[3:6] == ["connected", "secured", "sent"]


def test_a_call_is_traced_at_debug(aws: FakeAws, start: Start) -> None:
    """From its start to its answer, with the phases that the status tells of the first ones."""
    aws.parameters.put("/a", "canary-a")
    daemon = start(A="warmkey:/a", WARMKEY_LOG_LEVEL="debug").wait_until_ready()
    complete = daemon.wait_for_line("a call is complete")
    about = ("ssm", "GetParameter", 200)
    assert (complete["service"], complete["action"], complete["status"]) == about
    assert complete["phases"].keys() == daemon.status()["calls"][0]["phases"].keys()
    assert [line["message"] for line in daemon.lines][:2] == [
        "a call has started",
        "a call is complete",
    ]


def test_a_call_is_not_traced_at_info(aws: FakeAws, start: Start) -> None:
    """A line for each call would be too much."""
    aws.parameters.put("/a", "canary-a")
    daemon = start(A="warmkey:/a").wait_until_ready()
    daemon.wait_for_line('"ready"')
    assert [line for line in daemon.lines if "call" in line["message"]] == []

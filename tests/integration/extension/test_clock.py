"""The daemon where its clock and AWS's do not tell the same time."""

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.fakes.aws import FakeAws
from tests.integration.conftest import Start

HOURS = 4 * 3600  # seconds
REFRESH = "/v1/secrets/P?refresh=true"


@pytest.fixture(params=[HOURS, -HOURS], ids=["AWS ahead", "AWS behind"])
def aws(request: pytest.FixtureRequest) -> Iterator[FakeAws]:
    """An AWS whose clock is hours away from ours, and which has a value."""
    with FakeAws(clock=lambda: time.time() + request.param) as running:
        running.parameters.put("/p", "canary")
        yield running


def test_a_wrong_clock_keeps_nobody_from_a_secret(start: Start) -> None:
    """AWS says what time it is where it refuses a signature; the next one is of that time."""
    daemon = start(P="warmkey:/p").wait_until_ready()
    assert daemon.read("P") == "canary"


def test_a_wrong_clock_is_found_out_once(start: Start) -> None:
    """The calls that follow are signed by AWS's time, too."""
    daemon = start(P="warmkey:/p").wait_until_ready()
    daemon.get(REFRESH)
    assert daemon.status()["counters"] == {"reads": 1, "upstreamCalls": 3, "upstreamErrors": 1}


def test_a_value_s_age_goes_by_the_daemon_s_own_clock(start: Start) -> None:
    """However wrong: AWS's time is for signatures alone."""
    daemon = start(P="warmkey:/p").wait_until_ready()
    fetched_at = datetime.fromisoformat(daemon.get("/v1/secrets/P?format=json").json()["fetchedAt"])
    assert abs(fetched_at.timestamp() - time.time()) < HOURS / 2

"""One name's trouble is nobody else's: what fails or hangs holds up nothing that works."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.fakes.faults import GARBAGE, INTERNAL_ERROR, THROTTLE, Hold
from tests.fakes.http_service import Delivery
from tests.integration.declared import declare

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from tests.fakes.aws import FakeAws
    from tests.fakes.faults import Fault
    from tests.integration.conftest import Start
    from tests.integration.daemon import Daemon

FAILING = 9
LASTING = "20000"  # milliseconds for one attempt


def official(name: str) -> str:
    """Where a parameter is read that is not declared."""
    return f"/systemsmanager/parameters/get?name={name}&withDecryption=true"


@contextmanager
def in_trouble(
    aws: FakeAws, daemon: Daemon, fault: Fault
) -> Iterator[list[Future[requests.Response]]]:
    """Reads of many names that are not declared, each of which fails, until the block ends."""
    names = [f"/failing/{number}" for number in range(FAILING)]
    for name in names:
        aws.faults.always(name, fault)
    with ThreadPoolExecutor(FAILING) as readers:
        reads = [readers.submit(daemon.get, official(name)) for name in names]
        daemon.wait_for_count("reads", FAILING)
        try:
            yield reads
        finally:
            aws.faults.clear()


@pytest.mark.parametrize("fault", [THROTTLE, INTERNAL_ERROR, GARBAGE, Delivery.RESET], ids=str)
def test_names_that_fail_hold_up_none_that_works(aws: FakeAws, start: Start, fault: Fault) -> None:
    """Declared or not, and never read before: they are answered meanwhile."""
    variables = declare(aws, 1)
    aws.parameters.put("/good", "canary-good")
    daemon = start(**variables, WARMKEY_UPSTREAM_TIMEOUT_MILLIS=LASTING).wait_until_ready()
    with in_trouble(aws, daemon, fault) as reads:
        aws.wait_for_calls(1 + FAILING)
        assert daemon.get("/v1/secrets/P0?refresh=true").text == "canary-0"
        assert daemon.get(official("/good")).json()["Parameter"]["Value"] == "canary-good"
        assert not all(read.done() for read in reads)


def test_names_that_hang_leave_a_connection_to_what_works(aws: FakeAws, start: Start) -> None:
    """With the three that there are by default: a declared secret, and one that was read before."""
    variables = declare(aws, 1)
    aws.parameters.put("/good", "canary-good")
    daemon = start(**variables, WARMKEY_TTL="0").wait_until_ready()
    daemon.get(official("/good"))
    answer = threading.Event()
    with in_trouble(aws, daemon, Hold(answer)) as reads:
        aws.wait_for_calls(2 + 2)
        assert daemon.get("/v1/secrets/P0?refresh=true").text == "canary-0"
        assert daemon.get(official("/good")).json()["Parameter"]["Value"] == "canary-good"
        assert not any(read.done() for read in reads)
    assert aws.connections <= 3


def test_calls_in_an_outage_are_bounded_by_the_quota(aws: FakeAws, start: Start) -> None:
    """Half of it, for what is not declared: a call for each name, and 50 retries for them all."""
    daemon = start(**declare(aws, 1), WARMKEY_UPSTREAM_TIMEOUT_MILLIS=LASTING).wait_until_ready()
    with in_trouble(aws, daemon, THROTTLE) as reads:
        assert not any(read.result().ok for read in reads)
        assert len(aws.calls) == 1 + FAILING + 50


def test_the_first_failure_is_logged_while_init_is_still_held(aws: FakeAws, start: Start) -> None:
    """Not when the patience ends."""
    variables = declare(aws, 1)
    aws.faults.always("GetParameter", THROTTLE)
    daemon = start(**variables, WARMKEY_UPSTREAM_TIMEOUT_MILLIS=LASTING)
    line = daemon.wait_for_line("a call has failed, and is tried again")
    assert line["reason"] == "ThrottlingException: Rate exceeded"
    assert daemon.status()["state"] == "starting"
    aws.faults.clear()
    assert daemon.wait_until_ready().read("P0") == "canary-0"


def test_the_end_of_the_hold_is_told_and_reads_go_on_waiting(aws: FakeAws, start: Start) -> None:
    """One line names what has not arrived; who reads it waits for it."""
    variables = declare(aws, 1)
    aws.secrets.put("there", "canary-there")
    answer = threading.Event()
    aws.faults.always("GetParameter", Hold(answer))
    daemon = start(
        **variables, THERE="warmkey:secretsmanager:there", WARMKEY_PREFETCH_TIMEOUT_MILLIS="1000"
    ).wait_until_ready()
    (line,) = daemon.logged("WARN")
    assert line["missing"] == ["P0"]
    assert "go on waiting" in line["message"]
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit(daemon.read, "P0")
        daemon.wait_for_count("reads", 1)
        answer.set()
        assert read.result() == "canary-0"


def test_a_read_of_another_name_does_not_prolong_the_hold(aws: FakeAws, start: Start) -> None:
    """Though it is under way while the prefetch is."""
    variables = declare(aws, 1)
    prefetched, asked = threading.Event(), threading.Event()
    aws.faults.once("/p/0", Hold(prefetched))
    aws.faults.always("/other", Hold(asked))
    daemon = start(**variables)
    aws.wait_for_calls(1)
    with ThreadPoolExecutor(1) as reader:
        read = reader.submit(daemon.get, official("/other"))
        aws.wait_for_calls(2)
        prefetched.set()
        daemon.wait_until_ready()
        assert not read.done()
        asked.set()

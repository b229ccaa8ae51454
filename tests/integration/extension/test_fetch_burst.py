"""Many cold starts at one instant, on real connections, against the quota of an account."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from extension.aws.attempt import AttemptRunner
from extension.aws.fetcher import Fetcher
from extension.run.log.log import Log
from extension.sources.parameter import Parameter
from extension.sources.responses.outcome import Found
from extension.sources.route import Route
from extension.sources.source import Source
from tests.fakes.aws import FakeAws
from tests.fakes.identity import clients, identities
from tests.fakes.quota import Quota, clock_of_a_burst
from tests.fakes.scripted_caller import run
from tests.patience import PATIENCE

STARTS = 80
AT_ONCE = 40
NAMES = [f"/p/{number}" for number in range(10)]
JOB: tuple[Source, ...] = tuple(Parameter(name) for name in NAMES)


@pytest.fixture
def quota() -> Quota:
    """That of Parameter Store, unless somebody pays for more."""
    return Quota(AT_ONCE, AT_ONCE, clock_of_a_burst(AT_ONCE))


@pytest.fixture
def aws(quota: Quota) -> Iterator[FakeAws]:
    """SSM with ten parameters, and that quota."""
    with FakeAws(quota=quota) as running:
        for name in NAMES:
            running.parameters.put(name, f"canary{name}")
        yield running


def test_a_burst_of_cold_starts_outlasts_the_quota(aws: FakeAws, quota: Quota) -> None:
    """All succeed, and a throttled batch comes back as a batch."""
    together = threading.Barrier(STARTS)

    def start() -> bool:
        credentials = identities(aws.environment()).own
        client = clients(aws.environment()).client_for(Route("ssm", "", ""))
        runner = AttemptRunner(client, credentials, PATIENCE, time.time, time.monotonic)
        fetcher = Fetcher(
            PATIENCE, Log("none"), set(JOB).__contains__, time.time, time.monotonic, random.random
        )
        together.wait()
        outcomes = run(fetcher.fetch(JOB), runner.run, time.sleep)
        client.reset()
        return all(isinstance(outcome, Found) for outcome in outcomes.values())

    with ThreadPoolExecutor(STARTS) as crowd:
        succeeded = [begun.result() for begun in [crowd.submit(start) for _ in range(STARTS)]]
    assert succeeded == [True] * STARTS
    assert quota.refused > 0
    assert set(aws.actions) == {"GetParameters"}
    assert aws.connections == STARTS

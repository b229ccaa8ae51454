"""A function that stands still between invokes, on demand and with provisioned concurrency.

SIGSTOP and SIGCONT stand for Lambda's freeze and thaw; what goes wrong around a function meanwhile
goes wrong in the fake AWS.
"""

import fcntl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch
from tests.fakes.aws import FakeAws
from tests.fakes.faults import Hold

HANDLER = """\
import fcntl
import warmkey

print("module loaded")

def handler(event, context):
    print("invoked")
    with open(__file__) as own:
        fcntl.flock(own, fcntl.LOCK_SH)
    return warmkey.get("KEY")
"""
LONG = 2.5  # seconds, where a call may take five attempts of 400 ms
SHORT = {"WARMKEY_UPSTREAM_TIMEOUT_MILLIS": "400"}
EACH_READ_GOES_UPSTREAM = {
    "KEY": "warmkey:/key",
    "WARMKEY_TTL": "0",
    "WARMKEY_STALE_IF_ERROR": "0",
}


@pytest.fixture(autouse=True)
def key(aws: FakeAws) -> None:
    """SSM holds the first version of the key."""
    aws.parameters.put("/key", "canary-1")


def test_a_read_after_the_thaw_is_answered_though_aws_has_hung_up(
    launch: Launch, aws: FakeAws
) -> None:
    """On a new connection, and nobody notices: no failure is counted."""
    environment = launch(HANDLER, **EACH_READ_GOES_UPSTREAM)
    assert environment.invoke() == "canary-1"
    environment.function.freeze()
    aws.drop_connections()
    aws.parameters.put("/key", "canary-2")
    environment.function.thaw()
    assert environment.invoke() == "canary-2"
    assert environment.status()["counters"]["upstreamErrors"] == 0
    assert aws.calls[-1].connection == 2


def test_a_call_that_was_frozen_for_longer_than_it_may_take_is_made_again(
    launch: Launch, aws: FakeAws
) -> None:
    """The time for which nothing ran doesn't count; who reads after the thaw gets the value."""
    environment = launch(HANDLER, **EACH_READ_GOES_UPSTREAM, **SHORT)
    assert environment.invoke() == "canary-1"
    before = len(aws.calls)
    aws.faults.once("/key", Hold(threading.Event()))
    with environment.client() as client:  # starts a fetch, as a read of a value that is due does
        client.send(environment.request("/v1/secrets/KEY"))
        aws.wait_for_calls(before + 1)
    environment.function.freeze()
    aws.drop_connections()
    time.sleep(LONG)  # what is tested is that so much time passes
    environment.function.thaw()
    assert environment.invoke() == "canary-1"
    assert "a secret is unavailable" not in environment.function.log


@pytest.mark.usefixtures("namespaces_granted")
def test_provisioned_concurrency_counts_an_environment_as_ready_when_its_secrets_are_there(
    launch: Launch, aws: FakeAws
) -> None:
    """The runtime may be done long before: nothing is invoked, and so nothing frozen, till then."""
    answer = threading.Event()
    aws.faults.once("/key", Hold(answer))
    environment = launch(
        HANDLER, KEY="warmkey:/key", AWS_LAMBDA_INITIALIZATION_TYPE="provisioned-concurrency"
    )
    with ThreadPoolExecutor(1) as background:
        invoked = background.submit(environment.invoke)
        environment.function.wait_for_log("module loaded")
        with pytest.raises(TimeoutError):
            environment.function.wait_for_log("invoked", timeout=0.2)
        answer.set()
        assert invoked.result() == "canary-1"
    log = environment.function.log
    assert log.index("module loaded") < log.index("invoked")


def test_prefetched_secrets_survive_a_freeze_right_after_init(
    launch: Launch, aws: FakeAws, package: Path
) -> None:
    """However long it lasts within the TTL, it costs no call, though every connection is gone."""
    environment = launch(
        HANDLER, KEY="warmkey:/key", AWS_LAMBDA_INITIALIZATION_TYPE="provisioned-concurrency"
    )
    with ThreadPoolExecutor(1) as background, (package / "app.py").open() as handler:
        fcntl.flock(handler, fcntl.LOCK_EX)  # the handler waits for it
        invoked = background.submit(environment.invoke)
        environment.function.wait_for_log('"ready"')
        environment.function.freeze()
        aws.drop_connections()
        environment.function.thaw()
        fcntl.flock(handler, fcntl.LOCK_UN)
        assert invoked.result() == "canary-1"
    assert [call.connection for call in aws.calls] == [1]

"""How the extension ends: whoever waits is answered first, on SHUTDOWN and on a signal."""

import signal
import threading

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, Hold
from tests.fakes.http_service import Delivery
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Start
from tests.integration.raw_client import RawClient

ENDING = [signal.SIGTERM, signal.SIGINT]


@pytest.mark.parametrize("number", ENDING, ids=str)
def test_a_reader_who_waits_is_answered_before_the_end(
    aws: FakeAws, start: Start, number: signal.Signals
) -> None:
    """It leaves with exit code 0, and says what ended it."""
    aws.parameters.put("/p", "canary")
    answer = threading.Event()
    daemon = start(P="warmkey:/p").wait_until_ready()
    aws.faults.once("/p", Hold(answer))
    with RawClient(daemon.port) as client:
        client.send(daemon.request("/v1/secrets/P?refresh=true"))
        aws.wait_for_calls(2)
        daemon.process.send_signal(number)
        assert daemon.wait_for_line("a signal")["level"] == "WARN"
        answer.set()
        assert client.answer().body == b"canary"
    assert daemon.wait_for_end() == 0


def test_a_signal_during_the_prefetch_answers_who_waits_for_it(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """A function's module may be reading already."""
    aws.parameters.put("/p", "canary")
    answer = threading.Event()
    aws.faults.once(ANY, Hold(answer))
    daemon = start(P="warmkey:/p")
    api.wait_for(Call.REGISTER)  # the port is bound before
    with RawClient(daemon.port) as client:
        client.ask(daemon.request() + daemon.request("/v1/secrets/P"))  # which comes with it
        daemon.process.send_signal(signal.SIGTERM)
        daemon.wait_for_line("a signal")
        answer.set()
        assert client.answer().body == b"canary"
    assert daemon.wait_for_end() == 0
    assert api.seen(Call.INIT_ERROR) == []


def test_a_signal_while_draining_changes_nothing(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """Whoever waits is answered all the same."""
    aws.parameters.put("/p", "canary")
    answer = threading.Event()
    daemon = start(P="warmkey:/p", WARMKEY_LOG_LEVEL="debug").wait_until_ready()
    aws.faults.once("/p", Hold(answer))
    with RawClient(daemon.port) as client:
        client.send(daemon.request("/v1/secrets/P?refresh=true"))
        aws.wait_for_calls(2)
        api.shutdown()
        daemon.wait_for_line("shutting down")
        daemon.process.send_signal(signal.SIGTERM)
        answer.set()
        assert client.answer().body == b"canary"
    assert daemon.wait_for_end() == 0


@pytest.mark.parametrize(
    ("target", "status", "body"),
    [("/v1/secrets/P", 200, b"canary"), ("/v1/secrets/P?refresh=true", 504, b"is shutting down")],
    ids=["a read", "a refresh"],
)
def test_a_reader_whom_upstream_leaves_waiting_is_answered_with_what_there_is(
    aws: FakeAws, api: FakeRuntimeApi, start: Start, target: str, status: int, body: bytes
) -> None:
    """Before Lambda's 2 seconds are over: the last good value, or why there is none."""
    aws.parameters.put("/p", "canary")
    daemon = start(P="warmkey:/p", WARMKEY_TTL="0").wait_until_ready()
    aws.faults.always("GetParameter", Delivery.HANG)
    with RawClient(daemon.port) as client:
        client.send(daemon.request(target))
        aws.wait_for_calls(2)
        api.shutdown()
        answer = client.answer()
    assert answer.status == status
    assert body in answer.body
    assert daemon.wait_for_end() == 0

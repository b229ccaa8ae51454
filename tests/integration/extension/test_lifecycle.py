"""The daemon's life as a Lambda extension: it registers, waits for SHUTDOWN, and ends in order."""

import json
import threading

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, THROTTLE, Hold
from tests.fakes.http_service import Delivery, Response
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.conftest import Start
from tests.integration.raw_client import RawClient

NO_ANSWERS = [
    Response(403, b'{"errorType":"Extension.InvalidExtensionName"}'),
    Response(500),
    Response(200, b"no identifier"),
    Response(200, delivery=Delivery.RESET),
    Response(200, b"0123456789", delivery=Delivery.TRUNCATED),
]
NO_EVENTS = [
    Response(403),
    Response(500),
    Response(200, b"nonsense"),
    Response(200, b"[]"),
    Response(200, b'{"eventType":"PARTY"}'),
    Response(200, delivery=Delivery.RESET),
    Response(200, b"0123456789", delivery=Delivery.TRUNCATED),
]


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=str)
def test_a_daemon_that_may_not_register_ends(
    api: FakeRuntimeApi, start: Start, answer: Response
) -> None:
    """With exit code 1 and the reason in its log; it asks for no event.

    What the launcher's registration failed with, the daemon hears again from its own.
    """
    api.answer(Call.REGISTER, answer, answer)
    daemon = start()
    assert daemon.wait_for_end() == 1
    (line,) = daemon.logged("ERROR")
    assert line["message"] == "the extension can't register"
    assert "register" in line["reason"]
    assert api.seen(Call.EVENT_NEXT) + api.seen(Call.INIT_ERROR) == []


@pytest.mark.parametrize("address", ["", "localhost", "127.0.0.1:port", "127.0.0.1:0"])
def test_a_daemon_that_is_told_no_runtime_api_ends(start: Start, address: str) -> None:
    """With exit code 1, and the variable's name in its log."""
    daemon = start(AWS_LAMBDA_RUNTIME_API=address)
    assert daemon.wait_for_end() == 1
    assert "AWS_LAMBDA_RUNTIME_API" in daemon.logged("ERROR")[0]["reason"]


def test_shutdown_ends_the_daemon(aws: FakeAws, api: FakeRuntimeApi, start: Start) -> None:
    """Where no reader waits, with exit code 0, whatever is on its way from upstream."""
    aws.faults.always(ANY, Hold(threading.Event()))
    daemon = start(P="warmkey:/p", WARMKEY_PREFETCH_TIMEOUT_MILLIS="100").wait_until_ready()
    with RawClient(daemon.port) as client:
        assert client.ask(daemon.request()).body == b"healthy"
        api.shutdown()
        assert daemon.wait_for_end() == 0
        assert client.is_closed()
    assert daemon.logged("ERROR") == []


def test_a_read_in_flight_is_answered_before_the_end(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """And nobody else is let in meanwhile."""
    aws.parameters.put("/p", "canary")
    daemon = start(P="warmkey:/p", WARMKEY_LOG_LEVEL="debug").wait_until_ready()
    answer = threading.Event()
    aws.faults.once("GetParameter", Hold(answer))
    with RawClient(daemon.port) as client, RawClient(daemon.port) as witness:
        client.ask(daemon.request())
        client.send(daemon.request("/v1/secrets/P?refresh=true"))
        aws.wait_for_calls(2)
        api.shutdown("timeout")
        assert daemon.wait_for_line("shutting down")["reason"] == "timeout"
        assert json.loads(witness.ask(daemon.request("/v1/status")).body)["counters"]["reads"] == 1
        answer.set()
        assert client.answer().body == b"canary"
    assert daemon.wait_for_end() == 0


@pytest.mark.parametrize("answer", NO_EVENTS, ids=str)
def test_a_daemon_that_gets_no_event_reports_it_and_ends(
    api: FakeRuntimeApi, start: Start, answer: Response
) -> None:
    """Through `exit/error`, as init is over, with exit code 1."""
    api.answer(Call.EVENT_NEXT, answer)
    daemon = start()
    seen = api.wait_for(Call.EXIT_ERROR)
    assert seen.headers["Lambda-Extension-Function-Error-Type"] == "Extension.NextFailed"
    assert daemon.wait_for_end() == 1
    (line,) = daemon.logged("ERROR")
    assert line["message"] == json.loads(seen.body)["errorMessage"]
    assert [each["message"] for each in daemon.lines[-2:]] == ["ready", line["message"]]


def test_an_invoke_is_nothing_to_do(aws: FakeAws, api: FakeRuntimeApi, start: Start) -> None:
    """Should one come all the same, the daemon asks for the next event and serves on."""
    aws.parameters.put("/p", "canary")
    api.answer(Call.EVENT_NEXT, Response(200, b'{"eventType":"INVOKE","requestId":"1"}'))
    daemon = start(P="warmkey:/p")
    api.wait_for(Call.EVENT_NEXT, 2)
    assert daemon.read("P") == "canary"


def test_every_request_after_the_first_carries_the_identifier(
    api: FakeRuntimeApi, start: Start
) -> None:
    """That `register` was answered with."""
    identified = Response(200, b"{}", headers=(("lambda-extension-identifier", "its-name"),))
    api.answer(Call.REGISTER, identified)
    api.answer(Call.EVENT_NEXT, Response(500))
    start()
    for call in (Call.EVENT_NEXT, Call.EXIT_ERROR):
        assert api.wait_for(call).headers["Lambda-Extension-Identifier"] == "its-name"


def test_a_report_that_lambda_does_not_take_is_logged(api: FakeRuntimeApi, start: Start) -> None:
    """The daemon ends all the same."""
    api.answer(Call.INIT_ERROR, Response(500))
    daemon = start(WARMKEY_TTL="soon")
    assert daemon.wait_for_end() == 1
    first, second = daemon.logged("ERROR")
    assert first["errorType"] == "Extension.InvalidSetting"
    assert (second["message"], second["reason"]) == (
        "Lambda did not accept the report",
        "/2020-01-01/extension/init/error was refused with status 500",
    )


def test_a_required_secret_that_can_t_be_had_stops_the_start(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """WARMKEY_REQUIRED: through `init/error`, with each of them and its reason."""
    aws.parameters.put("/p", "canary")
    daemon = start(
        P="warmkey:/p", GONE="warmkey:/gone", LOST="warmkey:/lost", WARMKEY_REQUIRED="true"
    )
    report = json.loads(api.wait_for(Call.INIT_ERROR).body)
    assert report["errorType"] == "Extension.SecretUnavailable"
    for alias, name in (("GONE", "/gone"), ("LOST", "/lost")):
        assert f"{alias}: SSM parameter {name} does not exist" in report["errorMessage"]
    assert "P:" not in report["errorMessage"]
    assert daemon.wait_for_end() == 1
    assert daemon.logged("ERROR")[-1]["message"] == report["errorMessage"]
    assert api.seen(Call.EVENT_NEXT) == []


def test_a_required_field_that_is_not_there_stops_the_start(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """Though the value that should have it is."""
    aws.parameters.put("/p", '{"user": "canary"}')
    start(USER="warmkey:/p#user", KEY="warmkey:/p#key", WARMKEY_REQUIRED="true")
    message = json.loads(api.wait_for(Call.INIT_ERROR).body)["errorMessage"]
    assert "unavailable: KEY: the JSON of /p has no field key (correct " in message


def test_a_required_secret_that_is_late_stops_the_start(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """Where it is not there when the prefetch's time is up."""
    aws.faults.always(ANY, Hold(threading.Event()))
    daemon = start(P="warmkey:/p", WARMKEY_REQUIRED="true", WARMKEY_PREFETCH_TIMEOUT_MILLIS="100")
    message = json.loads(api.wait_for(Call.INIT_ERROR).body)["errorMessage"]
    assert message.endswith("P: it had not arrived when the prefetch timed out")
    assert daemon.wait_for_end() == 1


def test_required_secrets_that_are_there_start_as_ever(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """Even if it took a second try."""
    aws.parameters.put("/p", "canary")
    aws.faults.once(ANY, THROTTLE)
    daemon = start(P="warmkey:/p", WARMKEY_REQUIRED="true").wait_until_ready()
    assert daemon.read("P") == "canary"
    assert api.seen(Call.INIT_ERROR) == []


def test_required_secrets_are_not_missed_where_nothing_is_prefetched(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """Under SnapStart they are read after the restore."""
    aws.parameters.put("/p", "canary")
    daemon = start(
        P="warmkey:/p", WARMKEY_REQUIRED="true", AWS_LAMBDA_INITIALIZATION_TYPE="snap-start"
    ).wait_until_ready()
    assert daemon.read("P") == "canary"
    assert api.seen(Call.INIT_ERROR) == []


def test_a_missing_secret_that_nobody_requires_stops_nothing(
    aws: FakeAws, api: FakeRuntimeApi, start: Start
) -> None:
    """The line that says `ready` names it."""
    aws.parameters.put("/p", "canary")
    daemon = start(P="warmkey:/p", GONE="warmkey:/gone", STAGE="prod").wait_until_ready()
    line = daemon.wait_for_line('"ready"')
    assert (line["secrets"], line["missing"], line["stage"]) == (2, ["GONE"], "prod")
    assert api.seen(Call.INIT_ERROR) == []

"""The Lambda Extensions API as values."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.run.extensions_api.events import (
    Invoke,
    MalformedEvent,
    Shutdown,
    failure,
    next_event,
    parse_event,
    register,
)

HOST = "127.0.0.1:9001"


def test_register_asks_for_shutdown_alone() -> None:
    """Under the name of the executable's file; INVOKE would wake us for each invoke."""
    request = register(HOST, "warmkey")
    assert (request.method, request.target) == ("POST", "/2020-01-01/extension/register")
    assert dict(request.headers)["Lambda-Extension-Name"] == "warmkey"
    assert dict(request.headers)["Host"] == HOST
    assert json.loads(request.body) == {"events": ["SHUTDOWN"]}


def test_next_carries_the_identifier() -> None:
    """Which register was answered with."""
    request = next_event(HOST, "an-id")
    assert (request.method, request.target) == ("GET", "/2020-01-01/extension/event/next")
    assert request.headers == (("Host", HOST), ("Lambda-Extension-Identifier", "an-id"))


@pytest.mark.parametrize("phase", ["init", "exit"])
def test_a_failure_has_its_type_in_the_head_and_its_reason_in_the_body(phase: str) -> None:
    """As the API wants it, in either phase."""
    request = failure(HOST, "an-id", phase, "Extension.InvalidSetting", 'port "0"\nis none')
    assert (request.method, request.target) == ("POST", f"/2020-01-01/extension/{phase}/error")
    headers = dict(request.headers)
    assert headers["Lambda-Extension-Identifier"] == "an-id"
    assert headers["Lambda-Extension-Function-Error-Type"] == "Extension.InvalidSetting"
    assert json.loads(request.body) == {
        "errorMessage": 'port "0"\nis none',
        "errorType": "Extension.InvalidSetting",
        "stackTrace": [],
    }


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"eventType": "INVOKE", "requestId": "1"}, Invoke()),
        ({"eventType": "SHUTDOWN", "shutdownReason": "spindown"}, Shutdown("spindown")),
        ({"eventType": "SHUTDOWN"}, Shutdown("")),
    ],
)
def test_an_event_is_read_by_its_type(
    event: dict[str, object], expected: Invoke | Shutdown
) -> None:
    """What else it holds does not matter; the emulator leaves some of it out."""
    assert parse_event(json.dumps(event).encode()) == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "neither INVOKE nor SHUTDOWN"),
        (b"{}", "neither INVOKE nor SHUTDOWN"),
        (b'{"eventType": "RESTORE"}', "neither INVOKE nor SHUTDOWN"),
        (b'{"eventType": ["INVOKE"]}', "neither INVOKE nor SHUTDOWN"),
    ],
)
def test_invalid_event_is_malformed(body: bytes, reason: str) -> None:
    """The message says how."""
    with pytest.raises(MalformedEvent, match=reason):
        parse_event(body)


@given(st.binary(max_size=40))
def test_any_bytes_are_an_event_or_malformed(body: bytes) -> None:
    """Nothing else is raised."""
    with suppress(MalformedEvent):
        assert isinstance(parse_event(body), Invoke | Shutdown)


@pytest.mark.parametrize(
    ("given", "deadline"),
    [(1_700_000_002_500, 1_700_000_002.5), (0.0, 0.0), (None, 0.0), ("1", 0.0), (True, 0.0)],
)
def test_the_deadline_of_shutdown_is_in_seconds(given: object, deadline: float) -> None:
    """Zero where Lambda says nothing that makes sense."""
    event = {"eventType": "SHUTDOWN", "shutdownReason": "spindown", "deadlineMs": given}
    assert parse_event(json.dumps(event).encode()) == Shutdown("spindown", deadline)

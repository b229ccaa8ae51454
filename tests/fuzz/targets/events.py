"""`events.parse_event`: whatever the Extensions API says is an event, or none."""

import json

from extension.run.extensions_api.events import Invoke, MalformedEvent, Shutdown, parse_event
from tests.fuzz.target import Target, assert_untold


def attempt(data: bytes) -> None:
    """Read an event."""
    try:
        event = parse_event(data)
    except MalformedEvent as error:
        assert_untold(str(error))
        return
    said = json.loads(data)
    match event:
        case Invoke():
            assert said["eventType"] == "INVOKE"
        case Shutdown(reason=reason):
            assert said["eventType"] == "SHUTDOWN"
            assert reason == str(said.get("shutdownReason", ""))


TARGET = Target(
    "events",
    attempt,
    ['"eventType":', '"INVOKE"', '"SHUTDOWN"', '"shutdownReason":', '"timeout"', '"deadlineMs":'],
    json=True,
)

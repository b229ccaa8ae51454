"""What the network and the services may do to a call."""

import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.upstream_world import Upstream
from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, GARBAGE, INTERNAL_ERROR, THROTTLE, Fault, Refuse, Reply
from tests.fakes.http_service import LOOPBACK, Delivery
from tests.fakes.not_now import NOT_NOW
from tests.fakes.relay import Relay
from tests.rapid.ports import ReservedPort

_UNAVAILABLE = Refuse("ServiceUnavailableException", "try again", 503)
_HALF = {"Name": "/tree/a", "Type": "String", "Value": "\ud800", "Version": 1}
_HALF_A_PAIR = json.dumps(
    {"Parameter": _HALF, "Parameters": [_HALF], "Name": "text", "SecretString": "\ud800"}
).encode()
# One of each kind of `NOT_NOW`; all of them are tried by the tests of freshness.
_NOT_NOW = (
    ("InternalFailure", "broken"),
    ("RequestTimeout", "broken"),
    ("TransactionInProgressException", "throttled"),
    ("ThrottlingException in the header alone", "throttled"),
    ("HTTP 302 in HTML", "broken"),
    ("HTTP 403 in HTML", "broken"),
    ("HTTP 204", "broken"),
    ("HTTP 400 cut short", "broken"),
)
_FAULTS: Sequence[tuple[str, Fault, str]] = (
    ("hangs before the answer", Delivery.HANG, "timeout"),
    ("hangs in the body", Delivery.HANG_IN_BODY, "timeout"),
    ("reset instead of an answer", Delivery.RESET, "unreachable"),
    ("reset in the body", Delivery.RESET_IN_BODY, "unreachable"),
    ("Content-Length too large", Delivery.TRUNCATED, "broken"),
    ("Content-Length too small", Delivery.TOO_LONG, "broken"),
    ("JSON cut short", GARBAGE, "broken"),
    (
        "JSON of another shape",
        Reply(b'{"Parameter": 1, "Parameters": 2, "SecretString": 3}'),
        "broken",
    ),
    ("JSON a million levels deep", Reply(b"[" * 1_000_000), "broken"),
    ("half a pair of surrogates", Reply(_HALF_A_PAIR), "broken"),
    ("no UTF-8", Reply(b'{"SecretString": "\xff"}'), "broken"),
    ("a body of 17 MB", Reply(b" " * (17 << 20)), "broken"),
    ("HTTP 500", INTERNAL_ERROR, "broken"),
    ("HTTP 503", _UNAVAILABLE, "broken"),
    ("HTTP 503 by a proxy, in HTML", Reply(b"<html>busy</html>", 503), "broken"),
    ("throttled", THROTTLE, "throttled"),
    *((name, NOT_NOW[name], kind) for name, kind in _NOT_NOW),
)


def _outlasts(fault: Fault, kind: str) -> Callable[[Path], str]:
    """Begin under a fault, get over it, and have it again while the secrets are rotated."""

    def attempt(layer: Path) -> str:
        with Upstream() as world:
            world.aws.faults.always(ANY, fault)
            world.start(layer)
            first = world.fails(kind)
            world.aws.faults.clear()
            world.comes_to_serve(1)
            world.aws.faults.always(ANY, fault)
            world.rotate()
            meanwhile = world.serves_stale(1)
            world.aws.faults.clear()
            return f"{first}; {meanwhile}; then {world.comes_to_serve(2)}"

    return attempt


def _refused(layer: Path) -> str:
    aws = FakeAws()
    with ReservedPort() as port, Upstream(aws) as world:
        world.start(layer, {"AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{port.number}"})
        first = world.fails("unreachable")
        with Relay(port.number, aws.port):
            world.comes_to_serve(1)
        world.rotate()
        meanwhile = world.serves_stale(1)
        with Relay(port.number, aws.port):
            return f"{first}; {meanwhile}; then {world.comes_to_serve(2)}"


def _throttled_for(seconds: float) -> Callable[[Path], str]:
    """Throttle each call for a while, and read all the time."""

    def attempt(layer: Path) -> str:
        with Upstream() as world:
            world.start(layer).comes_to_serve(1)
            world.rotate()
            world.aws.faults.always(ANY, THROTTLE)
            over = threading.Event()
            timer = threading.Timer(seconds, over.set)
            timer.start()
            meanwhile = world.serves_stale(1)
            while not over.is_set():
                world.serves_stale(1)
            timer.join()
            world.aws.faults.clear()
            return f"{meanwhile}; then {world.comes_to_serve(2)}"

    return attempt


def _answered_twice(layer: Path) -> str:
    """The second answer is there before the next call, and none to it."""
    with Upstream() as world:
        world.aws.faults.always(ANY, Delivery.TWICE)
        world.start(layer)
        for version in range(1, 6):
            world.comes_to_serve(version)
            world.rotate()
        return world.comes_to_serve(version + 1)


CASES = [
    Case("AWS refuses connections", _refused),
    *(Case(f"AWS: {name}", _outlasts(fault, kind)) for name, fault, kind in _FAULTS),
    Case("AWS answers every call twice", _answered_twice),
    Case("AWS throttles for a second", _throttled_for(1)),
    Case("AWS throttles for 30 s", _throttled_for(30), tries=1, quick=False),
]

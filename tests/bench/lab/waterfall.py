"""Waterfalls: one cold start, from what the core, SSM, the extension and the function have noted.

All of them tell the time by the clock of one machine, so that their moments fit together; the
core's log has milliseconds, and nothing is known to less than one.
"""

from collections.abc import Iterable, Iterator

from tests.bench.lab.function_start import FunctionStart
from tests.bench.lab.way import Way
from tests.bench.ssm import Connection
from warmkey.deploy.report.data.cold_start import ColdStart, Kind, Lane, Moment, Span

# What is said of the phases that are moments.
_TOLD = {"registering": "has asked to register", "next": "asks for an event"}

Step = tuple[str, float | None, Kind]
"""What is done, when it is over, and whose time it is."""


def waterfall(start: FunctionStart, way: Way, title: str, secrets: int, note: str) -> ColdStart:
    """The waterfall of a start.

    Args:
        start: The start.
        way: How the function had its secrets.
        title: What the start is called.
        secrets: How many.
        note: What a reader has to know of it.
    """
    handler = Moment("handler", start.moments["handler"])
    lanes = (
        Lane("Lambda", (Span("INIT", 0, start.init, "platform"),)),
        *_extension(start),
        Lane("Runtime", (_runtime(start),)),
        Lane("Function", tuple(_function(start, way)), (handler,)),
        *_upstream(start),
    )
    finish = Moment(f"{secrets} secrets in hand", start.in_hand)
    return ColdStart(title, way.role, lanes, finish, note)


def _extension(start: FunctionStart) -> Iterator[Lane]:
    """What Warmkey's status says; no lane for others."""
    if "startedAt" not in start.status:
        return
    began = start.at(start.status["startedAt"])
    over = {name: began + moment for name, moment in start.status["phases"].items()}
    calls = [call["phases"] for call in start.status.get("calls", [])]
    resolved = min((call["resolved"] for call in calls if "resolved" in call), default=None)
    steps: tuple[Step, ...] = (
        ("launcher: bind, register", over.get("registering"), "extension"),
        ("interpreter", over.get("loaded"), "extension"),
        ("settings, signing", None if resolved is None else began + resolved, "extension"),
        ("connecting, TLS", over.get("sent"), "wait"),
        ("finish, import", over.get("registered"), "extension"),
        ("answers into the cache", over.get("received"), "extension"),
    )
    moments = tuple(Moment(told, over[name]) for name, told in _TOLD.items() if name in over)
    yield Lane("Extension", tuple(_row(steps, began)), moments)


def _runtime(start: FunctionStart) -> Span:
    """Lambda starts the runtime when every extension has registered."""
    began, code = start.registered or 0.0, start.moments["code"]
    return Span("start", min(began, code), code, "function")


def _function(start: FunctionStart, way: Way) -> Iterator[Span]:
    moments = start.moments
    steps: tuple[Step, ...] = (
        (f"import {way.code}", moments.get("imported"), "function"),
        ("client", moments.get("client"), "function"),
        ("read", start.in_hand, "wait"),
    )
    yield from _row(steps, moments["code"])


def _upstream(start: FunctionStart) -> Iterator[Lane]:
    """A lane for each connection, as SSM saw it."""
    connections = start.upstream.connections
    for number, connection in enumerate(connections, start=1):
        name = f"AWS {number}" if len(connections) > 1 else "AWS"
        yield Lane(name, tuple(_connection(start, connection)))


def _connection(start: FunctionStart, connection: Connection) -> Iterator[Span]:
    if connection.secured is not None:
        opened, secured = start.since(connection.opened), start.since(connection.secured)
        yield Span("connecting, TLS", opened, secured, "upstream")
    for number, call in enumerate(connection.calls, start=1):
        came, answered = start.since(call.came), start.since(call.answered)
        yield Span(f"{call.action} {number}", came, answered, "upstream")


def _row(steps: Iterable[Step], began: float) -> Iterator[Span]:
    """Steps that follow each other; one whose end is unknown is none."""
    for name, end, kind in steps:
        if end is not None:
            yield Span(name, began, max(began, end), kind)
            began = max(began, end)

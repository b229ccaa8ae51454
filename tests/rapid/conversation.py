"""Conversations with Lambda's two APIs, to be had with the real core and with the fake one.

What is kept of each answer is what a client can rely on: status, header names, the body's keys
and the kind of event or error. Two sides that leave the same transcript are interchangeable.
"""

import http.client
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from tests.patience import PATIENCE
from tests.rapid.sandbox import Invocation

NAME = "probe"
"""The one external extension that Lambda must have started."""

_EXTENSION = "/2020-01-01/extension/"
_RUNTIME = "/2018-06-01/runtime/"
_ERROR_TYPE = {"Lambda-Extension-Function-Error-Type": "Extension.Bad"}
# Set by the HTTP server below, whatever is said.
_TRANSPORT = {"Date", "Content-Length", "Content-Type"}
# Lambda hands it out, and so does the fake; the core that runs here traces nothing.
_TRACE = {"Lambda-Runtime-Trace-Id"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared.

    Attributes:
        api: Where it serves, `host:port`; the extension `NAME` has been started.
        invoked: The first invoke, which is what starts everything.
        invoke: Invokes the function with an event.
        shutdown: Asks for the end, without waiting for it.
        background: Where requests wait that are answered late.
        wait_for_runtime: Waits until the registered extension has let the runtime start: before,
            the core hangs up on whoever asks in the runtime's place.
    """

    api: str
    invoked: Future[Invocation]
    invoke: Callable[[object], Invocation]
    shutdown: Callable[[], None]
    background: Executor
    wait_for_runtime: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a client can rely on in an answer."""

    status: int
    headers: frozenset[str]
    content_type: str | None
    body: object


Transcript = dict[str, Heard | Invocation]


@dataclass(slots=True)
class _Line:
    side: Side
    transcript: Transcript = field(default_factory=dict)

    def ask(
        self, title: str, request: str, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> http.client.HTTPMessage:
        method, path = request.split()
        connection = http.client.HTTPConnection(self.side.api, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        self.transcript[title] = Heard(
            answer.status,
            frozenset(answer.headers) - _TRANSPORT - _TRACE,
            answer.headers["Content-Type"] if content else None,
            _shape(content.decode()),
        )
        return answer.headers

    def ask_later(
        self, title: str, request: str, headers: Mapping[str, str] | None = None
    ) -> Future[http.client.HTTPMessage]:
        return self.side.background.submit(self.ask, title, request, headers)

    def register(self) -> dict[str, str]:
        events = '{"events": ["INVOKE", "SHUTDOWN"]}'
        request = f"POST {_EXTENSION}register"
        answer = self.ask("register", request, {"Lambda-Extension-Name": NAME}, events)
        self.side.wait_for_runtime()
        name = "Lambda-Extension-Identifier"
        return {name: answer[name]}


def _shape(body: str) -> object:
    try:
        decoded: Any = json.loads(body)
    except ValueError:
        return body
    kinds = ("errorType", "eventType", "shutdownReason", "status")
    return {key: decoded[key] if key in kinds else "…" for key in decoded}


def registration(side: Side) -> Transcript:
    """Register wrongly in every way, then rightly, then once more."""
    line = _Line(side)
    request, name = f"POST {_EXTENSION}register", {"Lambda-Extension-Name": NAME}
    line.ask("no name", request, {}, '{"events": ["SHUTDOWN"]}')
    line.ask("no JSON", request, name, "nonsense")
    line.ask("no such event", request, name, '{"events": ["PARTY"]}')
    internal = {"Lambda-Extension-Name": "nobody"}
    line.ask("not started by Lambda", request, internal, '{"events": ["SHUTDOWN"]}')
    line.ask("another method", f"GET {_EXTENSION}register", name)
    line.ask("no such path", f"POST {_EXTENSION}nonsense", name)
    line.register()
    line.ask("again", request, name, '{"events": ["SHUTDOWN"]}')
    return line.transcript


def identification(side: Side) -> Transcript:
    """Ask for events and report errors without the right to."""
    line = _Line(side)
    name = "Lambda-Extension-Identifier"
    for request in (
        f"GET {_EXTENSION}event/next",
        f"POST {_EXTENSION}init/error",
        f"POST {_EXTENSION}exit/error",
    ):
        line.ask(f"{request} by nobody", request, _ERROR_TYPE)
        line.ask(f"{request} by nonsense", request, {name: "nonsense", **_ERROR_TYPE})
        unknown = {name: "00000000-0000-4000-8000-000000000000", **_ERROR_TYPE}
        line.ask(f"{request} by a stranger", request, unknown)
    return line.transcript


def init_error(side: Side) -> Transcript:
    """Report that init failed, without and with a reason, then go on as if it had not."""
    line = _Line(side)
    me = line.register()
    line.ask("no type", f"POST {_EXTENSION}init/error", me, "{}")
    line.ask("init error", f"POST {_EXTENSION}init/error", {**me, **_ERROR_TYPE}, "{}")
    line.ask("once more", f"POST {_EXTENSION}init/error", {**me, **_ERROR_TYPE}, "{}")
    line.ask("next all the same", f"GET {_EXTENSION}event/next", me)
    return line.transcript


def exit_error(side: Side) -> Transcript:
    """Report that the extension must end, without and with a reason."""
    line = _Line(side)
    me = line.register()
    line.ask("no type", f"POST {_EXTENSION}exit/error", me, "{}")
    line.ask("exit error", f"POST {_EXTENSION}exit/error", {**me, **_ERROR_TYPE}, "{}")
    return line.transcript


def runtime_init_error(side: Side) -> Transcript:
    """Report that the runtime's init failed, twice."""
    line = _Line(side)
    line.register()
    line.ask("init error", f"POST {_RUNTIME}init/error", {}, '{"errorMessage": "no"}')
    line.ask("again", f"POST {_RUNTIME}init/error", {}, '{"errorMessage": "no"}')
    return line.transcript


def a_whole_life(side: Side) -> Transcript:
    """Play extension and runtime through two invokes and SHUTDOWN, with some missteps."""
    line = _Line(side)
    me = line.register()
    event, invocation = f"GET {_EXTENSION}event/next", f"GET {_RUNTIME}invocation/next"
    events = line.ask_later("first event", event, me)
    given = line.ask("first invocation", invocation)["Lambda-Runtime-Aws-Request-Id"]
    events.result(PATIENCE)
    line.ask("the same invocation again", invocation)
    line.ask("init error too late", f"POST {_EXTENSION}init/error", {**me, **_ERROR_TYPE}, "{}")
    line.ask("answer to nothing", f"POST {_RUNTIME}invocation/nonsense/response", {}, "{}")
    line.ask("answer", f"POST {_RUNTIME}invocation/{given}/response", {}, '{"paid": true}')
    line.ask("answer again", f"POST {_RUNTIME}invocation/{given}/response", {}, "{}")

    events = line.ask_later("second event", event, me)
    invocations = line.ask_later("second invocation", invocation)
    line.transcript["first invoke"] = side.invoked.result(PATIENCE)
    line.ask("next while next is open", event, me)
    invoked = side.background.submit(side.invoke, {"n": 2})
    given = invocations.result(PATIENCE)["Lambda-Runtime-Aws-Request-Id"]
    events.result(PATIENCE)
    line.ask("error", f"POST {_RUNTIME}invocation/{given}/error", {}, '{"errorType": "E"}')
    line.ask("error again", f"POST {_RUNTIME}invocation/{given}/error", {}, "{}")

    events = line.ask_later("SHUTDOWN", event, me)
    line.ask_later("hung up on", invocation)
    line.transcript["second invoke"] = invoked.result(PATIENCE)
    side.shutdown()
    events.result(PATIENCE)
    return line.transcript

"""What Lambda knows of one execution environment: its extensions, its runtime, its invokes.

The rules are those of AWS's Rapid core, which an end-to-end test holds against this one:

- An extension registers once, under a name that Lambda started, and then asks for events.
- Init is over when every extension and the runtime have asked for their next event; only then
  is one handed out. An invoke is over when all who got it have asked for the next one.
- After an error in init there is nothing more to ask for.

Requests may block and are answered on the threads of those who ask; one condition guards all.
"""

import json
import threading
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from tests.fakes import lambda_answers as answers
from tests.fakes.http_service import Response
from tests.rapid.sandbox import Invocation


@dataclass(slots=True)
class _Extension:
    name: str
    events: Collection[str]
    state: str = "Registered"
    pending: list[Response] = field(default_factory=list)


@dataclass(slots=True)
class _Invoke:
    request_id: str
    given: Response
    answer: bytes | None = None


class LambdaCore:
    """One execution environment.

    Args:
        started: The names of the extensions that Lambda started.
        function: The function's name.
    """

    def __init__(self, started: Collection[str], function: str) -> None:
        self._started = started
        self._function = function
        self._extensions: dict[str, _Extension] = {}
        self._runtime = "Started"
        self._invoke: _Invoke | None = None
        self._failure: bytes | None = None
        self._closed = False
        self._changed = threading.Condition()
        self._one_at_a_time = threading.Lock()

    def register(self, name: str | None, body: bytes) -> Response:
        """Answer `extension/register`."""
        if not name:
            return answers.refused("Extension.InvalidExtensionName", "Empty extension name")
        try:
            events = json.loads(body)["events"]
        except (ValueError, TypeError, LookupError) as error:
            return answers.refused("InvalidRequestFormat", str(error))
        if reason := self._unfit(name, events):
            return answers.refused("Extension.InvalidEventType", reason)
        with self._changed:
            if name in (extension.name for extension in self._extensions.values()):
                return answers.out_of_order(f"extension {name}", "Registered", "Registered")
            identifier = str(uuid.uuid4())
            self._extensions[identifier] = _Extension(name, events)
            self._changed.notify_all()
        return answers.registered(identifier, self._function)

    def extension_next(self, identifier: str | None) -> Response:
        """Answer `extension/event/next`, as late as there is something to say."""
        with self._changed:
            extension = self._known(identifier)
            if isinstance(extension, Response):
                return extension
            if extension.state not in ("Registered", "Running"):
                return answers.out_of_order(f"extension {identifier}", extension.state, "Ready")
            extension.state = "Ready"
            self._changed.notify_all()
            self._changed.wait_for(lambda: extension.pending or self._closed)
            extension.state = "Running"
            return extension.pending.pop(0) if extension.pending else answers.HUNG_UP

    def extension_error(
        self, identifier: str | None, error_type: str | None, state: str
    ) -> Response:
        """Answer `extension/init/error` (state InitError) or `exit/error` (ExitError)."""
        with self._changed:
            extension = self._known(identifier)
            if isinstance(extension, Response):
                return extension
            if not error_type:
                reason = "Lambda-Extension-Function-Error-Type not found"
                return answers.refused("Extension.MissingHeader", reason)
            if state == "InitError" and extension.state not in ("Registered", "InitError"):
                return answers.out_of_order(f"extension {identifier}", extension.state, state)
            extension.state = state
        self.fail()
        return answers.ACCEPTED

    def runtime_next(self) -> Response:
        """Answer `runtime/invocation/next`, as late as there is an invoke."""
        with self._changed:
            if self._runtime != "Running":  # where it is, the core gives the same invoke again
                self._runtime = "Ready"
                self._changed.notify_all()
            self._changed.wait_for(lambda: self._runtime == "Running" or self._closed)
            return self._invoke.given if self._invoke else answers.HUNG_UP

    def runtime_answer(self, request_id: str, body: bytes, state: str) -> Response:
        """Answer `runtime/invocation/ID/response` (state InvocationResponse) or `…/error`."""
        with self._changed:
            if not self._invoke or self._invoke.request_id != request_id:
                return answers.refused("InvalidRequestID", "Invalid request ID", 400)
            if self._invoke.answer is not None:
                return answers.out_of_order("runtime", self._runtime, state)
            self._invoke.answer = body
            self._runtime = "RuntimeResponseSentState"
            self._changed.notify_all()
        return answers.ACCEPTED

    def runtime_init_error(self, body: bytes) -> Response:
        """Answer `runtime/init/error`."""
        with self._changed:
            if self._runtime != "Started":
                return answers.out_of_order("runtime", self._runtime, "InitError")
            self._runtime = "InitError"
        self.fail(body)
        return answers.ACCEPTED

    def invoke(self, event: object, timeout: float) -> Invocation:
        """Invoke as a client of Lambda does.

        Raises:
            TimeoutError: There was no answer within `timeout` seconds.
            ConnectionAbortedError: `close` was called meanwhile.
        """
        ends = time.monotonic() + timeout
        with self._one_at_a_time, self._changed:
            self._wait_until_all_ask(ends)
            if self._failure is None:
                self._invoke = invoke = self._handed_out(event, timeout)
                self._wait_until_all_ask(ends)
                self._invoke = None
                if invoke.answer is not None:
                    return Invocation.of(200, invoke.answer)
            return Invocation.of(502, self._failure or b"")

    def fail(self, body: bytes = b"") -> None:
        """Let the invoke under way and all later ones fail, as when a process has crashed."""
        with self._changed:
            if self._failure is None:
                self._failure = body
            self._changed.notify_all()

    def shutdown(self, reason: str) -> None:
        """Give SHUTDOWN to every extension that wants it, at once or when it asks next."""
        with self._changed:
            for extension in self._extensions.values():
                if "SHUTDOWN" in extension.events:
                    extension.pending.append(answers.shutdown_event(reason))
            self._changed.notify_all()

    def wait_until_registered(self, timeout: float) -> bool:
        """Wait until all that Lambda started have registered; False if not, or if one failed."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._all_registered() or self._failure is not None, timeout
            )
            return self._all_registered()

    def close(self) -> None:
        """Hang up on everyone who waits, and give up the invoke under way."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _unfit(self, name: str, events: Collection[str]) -> str | None:
        for event in events:
            if event not in ("INVOKE", "SHUTDOWN"):
                return f"{event}: ErrorInvalidEventType"
            if event == "SHUTDOWN" and name not in self._started:
                return "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension"
        return None

    def _known(self, identifier: str | None) -> _Extension | Response:
        if not identifier:
            return answers.refused(
                "Extension.MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header"
            )
        try:
            uuid.UUID(identifier)
        except ValueError:
            return answers.refused(
                "Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier"
            )
        return self._extensions.get(identifier) or answers.refused(
            "Extension.UnknownExtensionIdentifier", f"Unknown extension {identifier}"
        )

    def _all_registered(self) -> bool:
        names = {extension.name for extension in self._extensions.values()}
        return names.issuperset(self._started)

    def _all_ask(self) -> bool:
        states = {extension.state for extension in self._extensions.values()}
        return self._all_registered() and states | {self._runtime} == {"Ready"}

    def _wait_until_all_ask(self, ends: float) -> None:
        def over() -> bool:
            return self._all_ask() or self._failure is not None or self._closed

        if not self._changed.wait_for(over, ends - time.monotonic()):
            raise TimeoutError("no answer to the invoke: not all have asked for their next event")
        if self._closed:
            raise ConnectionAbortedError("no answer to the invoke: the fake Lambda was closed")

    def _handed_out(self, event: object, timeout: float) -> _Invoke:
        deadline = int(1000 * (time.time() + timeout))
        request_id = str(uuid.uuid4())
        body = json.dumps({} if event is None else event).encode()
        for extension in self._extensions.values():
            if "INVOKE" in extension.events:
                extension.state = "Running"
                extension.pending.append(answers.invoke_event(request_id, self._function, deadline))
        self._runtime = "Running"
        self._changed.notify_all()
        return _Invoke(request_id, answers.invocation(request_id, self._function, deadline, body))

"""Lambda's Runtime API and Extensions API on loopback, for tests and for machines without them.

    with FakeRuntimeApi() as api:
        start_daemon(AWS_LAMBDA_RUNTIME_API=api.address)
        api.wait_for(Call.EVENT_NEXT)
        api.shutdown()

It answers by the rules of AWS's own core (see `lambda_core.py`), writes down every request with
its time, and answers out of turn what a test gives it.
"""

import enum
import re
import threading
import time
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, replace
from email.message import Message
from email.utils import formatdate
from typing import Self

from tests.fakes import lambda_answers as answers
from tests.fakes.http_service import HttpService, Request, Response
from tests.fakes.lambda_core import LambdaCore
from tests.patience import PATIENCE
from tests.rapid.sandbox import Invocation


class Call(enum.Enum):
    """One kind of request: its method and its path."""

    REGISTER = ("POST", "/2020-01-01/extension/register")
    EVENT_NEXT = ("GET", "/2020-01-01/extension/event/next")
    INIT_ERROR = ("POST", "/2020-01-01/extension/init/error")
    EXIT_ERROR = ("POST", "/2020-01-01/extension/exit/error")
    INVOCATION_NEXT = ("GET", "/2018-06-01/runtime/invocation/next")
    INVOCATION_RESPONSE = ("POST", "/2018-06-01/runtime/invocation/([^/]+)/response")
    INVOCATION_ERROR = ("POST", "/2018-06-01/runtime/invocation/([^/]+)/error")
    RUNTIME_INIT_ERROR = ("POST", "/2018-06-01/runtime/init/error")


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it was received.

    Attributes:
        call: Which one it was.
        at: When it was there whole, in seconds of `time.monotonic`.
        headers: Its header fields; look-ups ignore case.
        body: Its body.
    """

    call: Call
    at: float
    headers: Message
    body: bytes


class FakeRuntimeApi:
    """The two APIs for one execution environment, served while a `with` block runs.

    Args:
        extensions: The names of the external extensions that may register.
        function: The function's name.
    """

    def __init__(
        self, *, extensions: Collection[str] = ("warmkey",), function: str = "function"
    ) -> None:
        self._core = LambdaCore(extensions, function)
        self._seen: list[Seen] = []
        self._out_of_turn: dict[Call, deque[Response]] = {call: deque() for call in Call}
        self._arrived = threading.Condition()

    def __enter__(self) -> Self:
        self._service = HttpService(self._respond)
        return self

    def __exit__(self, *_: object) -> None:
        self._core.close()
        self._service.close()

    @property
    def address(self) -> str:
        """What `AWS_LAMBDA_RUNTIME_API` holds: `host:port`."""
        return f"127.0.0.1:{self._service.port}"

    def seen(self, call: Call) -> list[Seen]:
        """Every request of one kind so far, oldest first."""
        with self._arrived:
            return [seen for seen in self._seen if seen.call is call]

    def wait_for(self, call: Call, count: int = 1, timeout: float = PATIENCE) -> Seen:
        """Wait until a kind of request has come `count` times; it may be unanswered still.

        Returns:
            The `count`-th of them.

        Raises:
            TimeoutError: It has not within `timeout` seconds.
        """
        with self._arrived:
            if self._arrived.wait_for(lambda: len(self.seen(call)) >= count, timeout):
                return self.seen(call)[count - 1]
            calls = ", ".join(seen.call.name for seen in self._seen) or "nothing"
        raise TimeoutError(f"{call.name} has not come {count} times in {timeout} s, but {calls}")

    def answer(self, call: Call, *responses: Response) -> None:
        """Answer the next requests of one kind with these, whatever the rules say.

        A refusal is a `Response(403, …)`, nonsense one with a body that is not JSON, and a
        broken connection one with another `Delivery`.
        """
        self._out_of_turn[call].extend(responses)

    def invoke(self, event: object = None, timeout: float = PATIENCE) -> Invocation:
        """Invoke the function, as soon as init is over.

        Raises:
            TimeoutError: There was no answer within `timeout` seconds.
        """
        return self._core.invoke(event, timeout)

    def shutdown(self, reason: str = "spindown") -> None:
        """Give SHUTDOWN to every extension that registered for it."""
        self._core.shutdown(reason)

    def fail(self) -> None:
        """Let invokes fail with status 502, as when a process has crashed."""
        self._core.fail()

    def wait_until_registered(self, timeout: float = PATIENCE) -> bool:
        """Wait until every extension has registered; say whether all have."""
        return self._core.wait_until_registered(timeout)

    def _respond(self, request: Request) -> Response:
        response = self._answer(request)
        date = ("Date", formatdate(usegmt=True))
        return replace(response, headers=(*response.headers, date))

    def _answer(self, request: Request) -> Response:
        for call in Call:
            method, path = call.value
            if found := re.fullmatch(path, request.target):
                if request.method != method:
                    return answers.method_not_allowed(method)
                self._note(call, request)
                if self._out_of_turn[call]:
                    return self._out_of_turn[call].popleft()
                return self._by_the_rules(call, request, "".join(found.groups()))
        return answers.NOT_FOUND

    def _note(self, call: Call, request: Request) -> None:
        with self._arrived:
            self._seen.append(Seen(call, time.monotonic(), request.headers, request.body))
            self._arrived.notify_all()

    def _by_the_rules(self, call: Call, request: Request, request_id: str) -> Response:
        core, headers, body = self._core, request.headers, request.body
        identifier = headers["Lambda-Extension-Identifier"]
        error_type = headers["Lambda-Extension-Function-Error-Type"]
        match call:
            case Call.REGISTER:
                return core.register(headers["Lambda-Extension-Name"], body)
            case Call.EVENT_NEXT:
                return core.extension_next(identifier)
            case Call.INIT_ERROR:
                return core.extension_error(identifier, error_type, "InitError")
            case Call.EXIT_ERROR:
                return core.extension_error(identifier, error_type, "ExitError")
            case Call.INVOCATION_NEXT:
                return core.runtime_next()
            case Call.INVOCATION_RESPONSE:
                return core.runtime_answer(request_id, body, "InvocationResponse")
            case Call.INVOCATION_ERROR:
                return core.runtime_answer(request_id, body, "InvocationErrorResponse")
            case Call.RUNTIME_INIT_ERROR:
                return core.runtime_init_error(body)

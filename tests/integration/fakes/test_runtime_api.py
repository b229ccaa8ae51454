"""What the fake Runtime API lets a test do; that it speaks as Lambda does is tested end to end."""

import http.client
import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.fakes.http_service import Delivery, Response
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.patience import PATIENCE


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@pytest.fixture
def background() -> Iterator[ThreadPoolExecutor]:
    """Where requests wait for late answers; the last of them when the fake closes."""
    with ThreadPoolExecutor() as executor:
        yield executor


@pytest.fixture
def api(background: ThreadPoolExecutor) -> Iterator[FakeRuntimeApi]:  # noqa: ARG001 - outlives it
    """A fake Lambda that has started one extension, `warmkey`."""
    with FakeRuntimeApi() as api:
        yield api


def ask(
    api: FakeRuntimeApi, call: Call, headers: Mapping[str, str] | None = None, body: str = ""
) -> Answer:
    """Make one request on a connection of its own."""
    method, path = call.value
    connection = http.client.HTTPConnection(api.address, timeout=PATIENCE)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def register(api: FakeRuntimeApi) -> dict[str, str]:
    """Register for SHUTDOWN; what identifies the extension from then on."""
    name = {"Lambda-Extension-Name": "warmkey"}
    answer = ask(api, Call.REGISTER, name, '{"events": ["SHUTDOWN"]}')
    return {"Lambda-Extension-Identifier": answer.headers["Lambda-Extension-Identifier"]}


def test_a_request_is_written_down_with_its_time(api: FakeRuntimeApi) -> None:
    """Header fields, body, and when it was there."""
    before = time.monotonic()
    register(api)
    seen = api.wait_for(Call.REGISTER)
    assert before <= seen.at <= time.monotonic()
    assert seen.headers["lambda-extension-name"] == "warmkey"
    assert seen.body == b'{"events": ["SHUTDOWN"]}'


def test_next_is_answered_when_the_test_releases_shutdown(
    api: FakeRuntimeApi, background: ThreadPoolExecutor
) -> None:
    """It blocks until then, and says the reason that the test gave."""
    waiting = background.submit(ask, api, Call.EVENT_NEXT, register(api))
    api.wait_for(Call.EVENT_NEXT)
    assert not waiting.done()
    api.shutdown("timeout")
    assert json.loads(waiting.result().body)["shutdownReason"] == "timeout"


def test_shutdown_reaches_an_extension_that_asks_later(api: FakeRuntimeApi) -> None:
    """What was released before `next` is not lost."""
    me = register(api)
    api.shutdown()
    assert json.loads(ask(api, Call.EVENT_NEXT, me).body)["eventType"] == "SHUTDOWN"


def test_registration_can_be_refused_once(api: FakeRuntimeApi) -> None:
    """The first answer is the test's, the second the rules'."""
    api.answer(Call.REGISTER, Response(500, b"no"))
    name = {"Lambda-Extension-Name": "warmkey"}
    answers = [ask(api, Call.REGISTER, name, '{"events": []}') for _ in range(2)]
    assert [answer.status for answer in answers] == [500, 200]


def test_registration_can_be_garbled(api: FakeRuntimeApi) -> None:
    """A success that names no extension and is no JSON."""
    api.answer(Call.REGISTER, Response(200, b"<html>"))
    answer = ask(api, Call.REGISTER)
    assert answer.body == b"<html>"
    assert "Lambda-Extension-Identifier" not in answer.headers


def test_next_can_be_refused(api: FakeRuntimeApi) -> None:
    """An extension that does as it should is told that it may not."""
    api.answer(Call.EVENT_NEXT, Response(403, b"{}"))
    assert ask(api, Call.EVENT_NEXT, register(api)).status == 403


def test_a_connection_can_break_instead_of_an_answer(api: FakeRuntimeApi) -> None:
    """The request is written down, and the client finds the connection reset."""
    api.answer(Call.EVENT_NEXT, Response(200, delivery=Delivery.RESET))
    with pytest.raises(ConnectionResetError):
        ask(api, Call.EVENT_NEXT)
    assert api.seen(Call.EVENT_NEXT)


def test_missing_event_is_named_along_with_those_that_came(api: FakeRuntimeApi) -> None:
    """A test that waits in vain learns how far the extension got."""
    register(api)
    with pytest.raises(TimeoutError, match=r"EVENT_NEXT has not come 1 times .* but REGISTER"):
        api.wait_for(Call.EVENT_NEXT, timeout=0.01)


def test_an_invoke_waits_until_init_is_over(
    api: FakeRuntimeApi, background: ThreadPoolExecutor
) -> None:
    """The runtime has asked, but gets its invoke only when the extension has asked too."""
    me = register(api)

    def given() -> tuple[Answer, float]:
        return ask(api, Call.INVOCATION_NEXT), time.monotonic()

    background.submit(api.invoke, {"order": 1})
    runtime = background.submit(given)
    api.wait_for(Call.INVOCATION_NEXT)
    background.submit(ask, api, Call.EVENT_NEXT, me)
    invocation, at = runtime.result()
    assert json.loads(invocation.body) == {"order": 1}
    assert at > api.wait_for(Call.EVENT_NEXT).at


def test_an_invoke_fails_when_the_extension_reports_an_error(
    api: FakeRuntimeApi, background: ThreadPoolExecutor
) -> None:
    """As on Lambda, nobody learns the reason but the log: status 502."""
    me = register(api)
    invoked = background.submit(api.invoke)
    reason = {"Lambda-Extension-Function-Error-Type": "Extension.BadSetting"}
    assert ask(api, Call.INIT_ERROR, {**me, **reason}, "{}").status == 202
    assert invoked.result().status == 502
    (error,) = api.seen(Call.INIT_ERROR)
    assert error.headers["Lambda-Extension-Function-Error-Type"] == "Extension.BadSetting"


def test_an_invoke_without_an_answer_is_given_up(api: FakeRuntimeApi) -> None:
    """Nobody has even registered."""
    with pytest.raises(TimeoutError, match="not all have asked"):
        api.invoke(timeout=0.01)


def test_a_waiting_client_is_hung_up_on_at_the_end() -> None:
    """Leaving the block ends every request, and the invoke under way."""
    with ThreadPoolExecutor() as background:
        with FakeRuntimeApi() as api:
            waiting = background.submit(ask, api, Call.EVENT_NEXT, register(api))
            invoked = background.submit(api.invoke)
            api.wait_for(Call.EVENT_NEXT)
        assert isinstance(waiting.exception(), OSError | http.client.HTTPException)
        assert isinstance(invoked.exception(), ConnectionAbortedError)

"""What Lambda's Extensions API may do, and what the port may be used for."""

import json
import re
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.lifecycle_world import KEY, REFRESHED, KeyWorld, answered
from tests.chaos.world import SHORT_PREFETCH
from tests.fakes.http_service import LOOPBACK, Delivery, Response
from tests.fakes.runtime_api import Call
from tests.integration.raw_client import RawClient

_READERS = 20
_DEBUG = {"WARMKEY_LOG_LEVEL": "debug"}
_LONG = {"WARMKEY_UPSTREAM_TIMEOUT_MILLIS": "60000", "WARMKEY_TTL": "0"}


def _anywhere(text: str) -> str:
    """The same for every port."""
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)


def _register_answered(response: Response) -> Callable[[Path], str]:
    def attempt(layer: Path) -> str:
        with KeyWorld() as here:
            # What the launcher's own registration failed with, the daemon hears again.
            here.api.answer(Call.REGISTER, response, response)
            here.start(layer)
            here.leaves(1)
            (line,) = here.daemon.lines
            assert line["message"] == "the extension can't register"
            assert here.api.seen(Call.EVENT_NEXT) == []
            return f"in the log: {_anywhere(line['reason'])}"

    return attempt


def _next_answered(response: Response) -> Callable[[Path], str]:
    def attempt(layer: Path) -> str:
        with KeyWorld() as here:
            here.api.answer(Call.EVENT_NEXT, response)
            upstream = here.held()
            here.start(layer, SHORT_PREFETCH)
            here.api.wait_for(Call.REGISTER)  # the port is bound before
            with RawClient(here.daemon.port) as client:
                client.send(here.daemon.request(KEY))
                here.api.wait_for(Call.EXIT_ERROR)
                upstream.set()
                answered(client)
            said = here.reports(Call.EXIT_ERROR, "Extension.NextFailed")
            return f"the value; in the log: {_anywhere(said)}"

    return attempt


def _shutdown_with_readers(layer: Path) -> str:
    with KeyWorld() as here, ExitStack() as stack:
        upstream = here.start(layer, _DEBUG).ready().held()
        clients = [stack.enter_context(here.reading()) for _ in range(_READERS)]
        here.aws.wait_for_calls(2)
        here.api.shutdown()
        here.daemon.wait_for_line("shutting down")
        upstream.set()
        for client in clients:
            answered(client)
        return f"the value, each of {_READERS}; {here.leaves()}"


def _shutdown_with_upstream_hanging(layer: Path) -> str:
    with KeyWorld() as here:
        here.start(layer, _LONG).ready().held()
        with here.waiting(KEY) as reader, here.reading(REFRESHED) as refreshing:
            code = here.leaves_at_shutdown()
            answer = answered(reader)
            assert answer.headers["Warmkey-State"] == "stale"
            problem = json.loads(refreshing.answer().body)
        return f"the last value, or {problem['status']} {problem['detail']}; {code}"


def _port_taken(layer: Path) -> str:
    with socket.create_server((LOOPBACK, 0)) as other:
        port = str(other.getsockname()[1])
        with KeyWorld() as here:
            here.start(layer, {"WARMKEY_PORT": port})
            words = (f"port {port} is in use", "WARMKEY_PORT", "AWS's own")
            here.reports(Call.INIT_ERROR, "Extension.InvalidSetting", *words)
            assert here.aws.calls == []
            return "init fails: the port is in use, choose another with WARMKEY_PORT"


def _killed_and_started_again(layer: Path) -> str:
    """As Lambda does on the same machine: init is tried again."""
    with KeyWorld() as first, RawClient(first.start(layer).ready().daemon.port) as client:
        client.ask(first.daemon.request())
        first.daemon.process.kill()
        first.leaves(-9)
        same_port = {"WARMKEY_PORT": str(first.daemon.port)}
        with KeyWorld() as second:
            return second.start(layer, same_port).ready().serves()


def _slow_prefetch(layer: Path) -> str:
    with KeyWorld() as here:
        upstream = here.held()
        here.start(layer, SHORT_PREFETCH).ready()  # though nothing was prefetched
        with RawClient(here.daemon.port) as client:
            client.send(here.daemon.request(KEY))
            assert here.daemon.wait_for_line('"ready"')["missing"] == ["KEY"]
            upstream.set()
            answered(client)
        assert len(here.aws.calls) == 1
        return f"the value, a little later; {here.leaves_at_shutdown()}"


_REFUSED = Response(403, b'{"errorType":"Extension.InvalidExtensionName"}')
_RESET = Response(200, delivery=Delivery.RESET)

CASES = [
    Case("register refused (403)", _register_answered(_REFUSED)),
    Case("register answered with garbage", _register_answered(Response(200, b"\0\xff"))),
    Case("register reset", _register_answered(_RESET)),
    Case("next reset", _next_answered(_RESET)),
    Case("next answered with 500", _next_answered(Response(500))),
    Case("next answered with garbage", _next_answered(Response(200, b"\0\xff"))),
    Case("next brings an unknown event", _next_answered(Response(200, b'{"eventType":"PARTY"}'))),
    Case("SHUTDOWN with reads in flight", _shutdown_with_readers),
    Case("SHUTDOWN with upstream hanging", _shutdown_with_upstream_hanging, tries=5),
    Case("port taken", _port_taken),
    Case("killed, and started again at once", _killed_and_started_again),
    Case("prefetch slower than its limit", _slow_prefetch),
]

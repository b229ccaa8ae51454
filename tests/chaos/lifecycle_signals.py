"""SIGTERM in each phase of the daemon's life, as an extension and as a sidecar."""

import random
import signal
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.lifecycle_world import KEY, REFRESHED, KeyWorld, answered
from tests.chaos.world import VALUE, says_nothing_secret
from tests.fakes.aws import FakeAws
from tests.fakes.container_credentials import ContainerCredentials
from tests.fakes.faults import ANY, Hold
from tests.fakes.http_service import LOOPBACK, Delivery, Response
from tests.fakes.runtime_api import Call
from tests.integration.raw_client import RawClient
from tests.integration.sidecar import Sidecar

_BEGINNING = 0.006  # seconds in which a daemon starts
_KILLED = -signal.SIGTERM
_READERS = 20
_DEBUG = {"WARMKEY_LOG_LEVEL": "debug"}


def _terminate(here: KeyWorld) -> None:
    here.daemon.process.send_signal(signal.SIGTERM)


def _at_any_instant(layer: Path) -> str:
    """Within the first milliseconds: before or after the port is bound, registering, sending."""
    with KeyWorld() as here:
        here.start(layer)
        instant = time.monotonic() + random.random() * _BEGINNING  # noqa: S311
        while time.monotonic() < instant:
            pass  # a sleep would be longer
        _terminate(here)
        code = here.daemon.wait_for_end()
        assert code in (0, _KILLED), here.daemon.output
        with socket.create_server((LOOPBACK, here.daemon.port)):
            return "the port is free again" if code else "drained, exit code 0"


def _while_registering(layer: Path) -> str:
    with KeyWorld() as here:
        here.api.answer(Call.REGISTER, Response(200, delivery=Delivery.HANG))
        here.start(layer)
        here.api.wait_for(Call.REGISTER)
        _terminate(here)
        return f"nobody yet; {here.leaves(_KILLED)}"


def _during_the_prefetch(layer: Path) -> str:
    with KeyWorld() as here:
        upstream = here.held()
        here.start(layer)
        here.api.wait_for(Call.REGISTER)  # the port is bound before
        with RawClient(here.daemon.port) as client:
            client.ask(here.daemon.request())  # the daemon serves
            client.send(here.daemon.request(KEY))
            _terminate(here)
            here.daemon.wait_for_line("a signal")
            upstream.set()
            answered(client)
        assert here.api.seen(Call.EVENT_NEXT) == []
        return f"the value; {here.leaves()}"


def _when_ready(layer: Path) -> str:
    with KeyWorld() as here, RawClient(here.start(layer).ready().daemon.port) as client:
        client.ask(here.daemon.request())
        _terminate(here)
        assert client.is_closed()
        return f"the end of its connection; {here.leaves()}"


def _while_draining(layer: Path) -> str:
    with KeyWorld() as here:
        upstream = here.start(layer, _DEBUG).ready().held()
        with here.waiting() as client:
            here.api.shutdown()
            here.daemon.wait_for_line("shutting down")
            _terminate(here)
            upstream.set()
            answered(client)
        return f"the value; {here.leaves()}"


def _sidecar_that_starts(layer: Path) -> str:
    """While it waits for its credentials, which is before anything else is asked."""
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    with FakeAws() as aws, ContainerCredentials(aws.credentials) as container:
        given = {**aws.environment(), "KEY": "warmkey:/key"}
        given = {name: value for name, value in given.items() if name not in keys}
        with Sidecar({**given, **container.environment()}, command=_serve(layer)) as sidecar:
            container.wait_for_requests(1)
            sidecar.process.send_signal(signal.SIGTERM)
            assert sidecar.wait_for_end() == 0
        says_nothing_secret(sidecar)
        return "nobody yet; exit code 0"


def _sidecar_with_a_reader(layer: Path) -> str:
    with FakeAws() as aws:
        aws.parameters.put("/key", VALUE)
        given = {**aws.environment(), "KEY": "warmkey:/key"}
        with Sidecar(given, command=_serve(layer)) as sidecar:
            sidecar.wait_until_ready()
            upstream = threading.Event()
            aws.faults.always(ANY, Hold(upstream))
            with RawClient(sidecar.port) as client:
                client.send(sidecar.request(REFRESHED))
                aws.wait_for_calls(2)
                sidecar.process.send_signal(signal.SIGTERM)
                upstream.set()
                answered(client)
            assert sidecar.wait_for_end() == 0
        says_nothing_secret(sidecar)
        return "the value; exit code 0"


def _sidecar_with_a_queue(layer: Path) -> str:
    return _queue_before_a_sidecar((), layer, _READERS)


def _sidecar_with_a_long_queue(layer: Path) -> str:
    """Longer than there are descriptors for."""
    return _queue_before_a_sidecar(("prlimit", f"--nofile={_READERS}", "--"), layer, 10 * _READERS)


def _queue_before_a_sidecar(prefix: Sequence[str], layer: Path, readers: int) -> str:
    """Readers whom the kernel has let in, and the sidecar has not seen yet."""
    with FakeAws() as aws, ExitStack() as stack:
        aws.parameters.put("/key", VALUE)
        given = {**aws.environment(), "KEY": "warmkey:/key"}
        sidecar = stack.enter_context(Sidecar(given, command=(*prefix, *_serve(layer))))
        sidecar.wait_until_ready()
        sidecar.process.send_signal(signal.SIGSTOP)
        clients = [stack.enter_context(RawClient(sidecar.port)) for _ in range(readers)]
        for client in clients:
            client.send(sidecar.request(KEY))
        sidecar.process.send_signal(signal.SIGTERM)
        sidecar.process.send_signal(signal.SIGCONT)
        for client in clients:
            answered(client)
        assert sidecar.wait_for_end() == 0
        return f"the value, each of {readers}; exit code 0"


def _serve(layer: Path) -> tuple[str, ...]:
    return (str(layer / "warmkey/warmkey"), "serve")


CASES = [
    Case("SIGTERM within the first milliseconds", _at_any_instant, tries=100),
    Case("SIGTERM while registering", _while_registering),
    Case("SIGTERM during the prefetch, with a reader", _during_the_prefetch),
    Case("SIGTERM when ready", _when_ready),
    Case("SIGTERM while draining, with a reader", _while_draining),
    Case("SIGTERM while a sidecar starts", _sidecar_that_starts),
    Case("SIGTERM to a sidecar, with a reader", _sidecar_with_a_reader),
    Case("SIGTERM to a sidecar, with a queue of readers", _sidecar_with_a_queue),
    Case("SIGTERM to a sidecar, with more readers than descriptors", _sidecar_with_a_long_queue),
]

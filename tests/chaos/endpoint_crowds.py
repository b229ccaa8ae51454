"""Many clients at once, and clients that hold what they have without using it."""

import json
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.endpoint_world import KEY, LARGE, HonestReader, disturbed, world
from tests.chaos.rude_client import RudeClient
from tests.chaos.world import VALUE
from tests.fakes.faults import Hold
from tests.integration.crowd import BEHAVIOURS, SIZE, Behaviour, Crowd
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient
from tests.patience import PATIENCE

_MOST = 512  # connections that are served at once
_AHEAD = 4  # large answers: more than narrow sockets can hold
_ALIASES = 10_000
_DESCRIPTORS = 64
_CALLS = 3  # upstream, each on a connection of its own
_AT_ONCE = 2  # of those, as names that were never read leave one connection free
_READERS = _DESCRIPTORS // 2 - _CALLS - 1  # let in beside those who call and the honest one


@contextmanager
def crowd(
    daemon: Daemon, size: int, first: bytes = b"", *, narrow: bool = False
) -> Iterator[list[RudeClient]]:
    """So many connections, on each of which something is sent at once, or else nothing."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, limits)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limits[1], limits[1]))
        clients: list[RudeClient] = []
        for _ in range(size):
            clients.append(stack.enter_context(RudeClient(daemon.port, narrow=narrow)))
            clients[-1].send(first)
        yield clients


def served_at_last(daemon: Daemon) -> None:
    """Assert that a newcomer is served, who comes again as it is told to, before its patience ends.

    Raises:
        AssertionError: It is not, or it is turned away without a word.
    """
    deadline = time.monotonic() + PATIENCE
    status = 0
    while status != 200:
        assert time.monotonic() < deadline, "nobody new is let in"
        with RawClient(daemon.port) as newcomer:
            answer = newcomer.ask(daemon.request(KEY))
        status = answer.status
        assert status == 200 or answer.headers["Retry-After"] == "1"
        if status == 200:
            assert answer.body == VALUE.encode()
        else:
            threading.Event().wait(0.1)


def _thousand(layer: Path) -> str:
    with disturbed(layer) as daemon:
        with crowd(daemon, 1_000, daemon.request(KEY)) as clients:
            answers = [client.answer() for client in clients]
        for answer in answers:
            assert answer.status == 200 or answer.headers["Retry-After"] == "1", answer
        assert sum(answer.status == 200 for answer in answers) >= _MOST - 1  # and the honest one
        served_at_last(daemon)
    return "the value, or 503 with Retry-After beyond 512; others unharmed"


def _held_by(first: bytes) -> Callable[[Path], str]:
    """More connections than are served, none of which has asked anything yet."""

    def attempt(layer: Path) -> str:
        with disturbed(layer) as daemon, crowd(daemon, 600, first):
            served_at_last(daemon)
        return "newcomers take their places; others unharmed"

    return attempt


def _taking_nothing(layer: Path) -> str:
    """More connections than are served, each with more answers than the sockets can hold."""
    with disturbed(layer) as daemon:
        requests = daemon.request("/v1/secrets/LARGE") * _AHEAD
        with crowd(daemon, 600, requests, narrow=True):
            served_at_last(daemon)
    return "newcomers take their places; others unharmed"


def _without_the_token(behaviour: Behaviour) -> Callable[[Path], str]:
    """Newcomers are let in at once, however many others come again and again."""

    def attempt(layer: Path) -> str:
        with disturbed(layer) as daemon, Crowd(daemon.port, behaviour):
            for _ in range(20):
                with RawClient(daemon.port) as newcomer:
                    assert newcomer.ask(daemon.request(KEY)).status == 200
        return "newcomers with the token are served at once; others unharmed"

    return attempt


def _never_whole(layer: Path) -> str:
    """Each gets another byte now and then, and is given up all the same."""
    with disturbed(layer) as daemon, crowd(daemon, 100, b"GET /ping HTTP/1.1\r\n") as clients:
        stopped = threading.Event()

        def drip() -> None:
            while not stopped.wait(1):
                for client in clients:
                    client.drip(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            assert {client.answer().status for client in clients} == {408}
        finally:
            stopped.set()
            dripping.join()
    return "408 after ten seconds; others unharmed"


def _long_status(layer: Path) -> str:
    """They need no token to ask for what takes long to tell."""
    with disturbed(layer, _ALIASES) as daemon:
        request = b"GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with crowd(daemon, 64, request) as clients:
            for client in clients:
                assert len(json.loads(client.answer().body)["secrets"]) > _ALIASES
    return "the whole status; others unharmed"


def _long_list(layer: Path) -> str:
    """They have the token, and read what takes long to look up and to tell."""
    with disturbed(layer, _ALIASES) as daemon:
        request = daemon.request("/v1/secrets")
        with crowd(daemon, 16, request) as clients:
            for client in clients:
                assert len(json.loads(client.answer().body)) > _ALIASES
    return "every secret; others unharmed"


def _half_closed(layer: Path) -> str:
    """They say that they send no more, and their values are still on their way."""
    with world(layer) as (aws, daemon):
        release = threading.Event()
        aws.faults.once("GetParameter", Hold(release))
        request = daemon.request(f"{KEY}?refresh=true")
        with HonestReader(daemon), crowd(daemon, 200, request) as clients:
            for client in clients:
                client.end()
            release.set()
            assert {client.answer().body for client in clients} == {VALUE.encode()}
            assert all(client.is_closed() for client in clients)
    return "the value, then the end; others unharmed"


def _dead_in_the_middle(layer: Path) -> str:
    """More of them than are served, one after the other: their places are free again at once."""
    with disturbed(layer) as daemon:
        request = daemon.request("/v1/secrets/LARGE")
        for _ in range(_MOST + 100):
            with RudeClient(daemon.port, narrow=True) as client:
                client.send(request * _AHEAD)
                assert client.taste()
                client.reset()
        with RawClient(daemon.port) as newcomer:
            assert newcomer.ask(request).body == LARGE.encode()
    return "what they had read; others unharmed"


def _descriptors_used_up(layer: Path) -> str:
    """Readers hold all that they are given, and then calls upstream need some of their own.

    Those who have them made wait for another answer first, so that they keep their places.
    """
    with (
        world(layer, descriptors=_DESCRIPTORS) as (aws, daemon),
        HonestReader(daemon),
        ExitStack() as stack,
    ):
        asking = [stack.enter_context(RawClient(daemon.port)) for _ in range(_CALLS)]
        begun, before, release = len(aws.calls), threading.Event(), threading.Event()
        aws.faults.once("GetParameter", Hold(before), *[Hold(release)] * _CALLS)
        for number, client in enumerate(asking):
            for name in ("same", number):
                aws.parameters.put(f"/{name}", VALUE)
                client.send(daemon.request(f"/systemsmanager/parameters/get?name=/{name}"))
        aws.wait_for_calls(begun + 1)
        with crowd(daemon, 4 * _DESCRIPTORS, daemon.request(KEY)) as clients:
            assert {client.answer().status for client in clients[:_READERS]} == {200}
            before.set()
            aws.wait_for_calls(begun + 1 + _AT_ONCE)
            release.set()
            assert {client.answer().status for client in asking * 2} == {200}
        served_at_last(daemon)
    return "those who are let in are served from upstream; others unharmed"


CASES = [
    Case("1,000 connections", _thousand),
    Case("600 connections that never ask", _held_by(b"")),
    Case("600 half-sent heads", _held_by(b"GET /ping HTTP/1.1\r\nX: ")),
    Case("600 connections that take nothing of their answers", _taking_nothing),
    *(
        Case(f"{SIZE} without the token: {name}", _without_the_token(behaviour), tries=5)
        for name, behaviour in BEHAVIOURS.items()
    ),
    Case("100 heads that come byte by byte", _never_whole, tries=3),
    Case("64 that ask for the status of 10,000 secrets", _long_status),
    Case("16 that read all of 10,000 secrets", _long_list),
    Case("half-closed clients that wait", _half_closed),
    Case("612 clients that die in the middle of an answer", _dead_in_the_middle),
    Case("descriptors used up by readers", _descriptors_used_up),
]

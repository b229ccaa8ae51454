"""Secrets that are rotated while they are read, and while calls fail."""

import itertools
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.upstream_world import ALIASES, Seen, Upstream
from tests.fakes.faults import ANY, GARBAGE, INTERNAL_ERROR, THROTTLE, Fault, Hold, Reply
from tests.fakes.http_service import Delivery
from tests.integration.raw_client import RawClient
from tests.patience import PATIENT

_READERS, _ROUNDS = 3, 8
_FAULTS: Sequence[Fault | None] = (
    Delivery.RESET,
    None,
    Delivery.TRUNCATED,
    THROTTLE,
    Delivery.CHUNKED,
    INTERNAL_ERROR,
    Delivery.TOO_LONG,
    GARBAGE,
    Delivery.RESET_IN_BODY,
    None,
    Delivery.CLOSE_AFTER,
    Delivery.HANG_IN_BODY,
)
_TTL = 1  # seconds; unset, it is five minutes


def _read_on(world: Upstream) -> None:
    """Read every secret over and over, and the members of the path at one instant.

    Raises:
        AssertionError: There was no value, a mix of two versions, or an older one than before.
    """
    newest = dict.fromkeys(ALIASES, 1)
    with RawClient(world.daemon.port) as client:
        for _ in range(_ROUNDS):
            for alias in ALIASES:
                request = world.daemon.request(f"/v1/secrets/{alias}?format=json")
                seen = world.understood(client.ask(request))
                assert seen.version >= newest[alias], f"{alias}: {newest[alias]}, then {seen}"
                newest[alias] = seen.version
            together = json.loads(client.ask(world.daemon.request("/v1/secrets")).body)
            assert together["a"] == together["b/c"]


def _while_calls_fail(layer: Path) -> str:
    with Upstream() as world, ThreadPoolExecutor(_READERS) as crowd:
        world.start(layer).comes_to_serve(1)
        readers = [crowd.submit(_read_on, world) for _ in range(_READERS)]
        for fault in itertools.cycle(_FAULTS):
            if all(reader.done() for reader in readers):
                break
            world.rotate()
            world.aws.faults.once(ANY, fault)
            world.daemon.read("P0")  # so that some time passes
        for reader in readers:
            reader.result()
        world.aws.faults.clear()
        world.comes_to_serve(world.version)
    return "each version whole, and none after a newer one"


def _within_the_ttl(layer: Path) -> str:
    with Upstream() as world:
        world.start(layer, {"WARMKEY_TTL": str(_TTL)}).comes_to_serve(1)
        world.rotate()
        world.comes_to_serve(2)
        world.aws.faults.always(ANY, Delivery.RESET)
        world.rotate()
        while world.sees() != {Seen("stale", 2)}:
            assert {seen.version for seen in world.sees()} == {2}
        world.aws.faults.clear()
        return world.comes_to_serve(3)


def _during_a_refresh(layer: Path) -> str:
    """Who refreshes after a rotation gets it, though an older call is under way."""
    with Upstream() as world:
        world.start(layer, PATIENT).comes_to_serve(1)
        target = world.daemon.request("/v1/secrets/TEXT?format=json&refresh=true")
        held = threading.Event()
        old = world.daemon.get("/secretsmanager/get?secretId=text").content
        world.aws.faults.once("GetSecretValue", Hold(held, Reply(old)))
        arrived = len(world.aws.calls)
        with RawClient(world.daemon.port) as first, RawClient(world.daemon.port) as second:
            first.send(target)
            world.aws.wait_for_calls(arrived + 1)
            world.rotate()
            second.ask(world.daemon.request())
            second.send(target)
            held.set()
            assert world.understood(second.answer()) == Seen("fresh", 2)
        return "the new value"


def _between_pages(layer: Path) -> str:
    """The first page of a path has been read, the second not yet."""
    with Upstream() as world:
        names = [f"/pages/{number:02}" for number in range(12)]
        world.aws.parameters.put_together(dict.fromkeys(names, "canary 1"))
        world.start(layer, {"PAGES": "warmkey:/pages/*", **PATIENT})
        calls, held = len(world.aws.calls), threading.Event()
        world.aws.faults.once("/pages", None, Hold(held))
        with RawClient(world.daemon.port) as reader:
            reader.send(world.daemon.request("/v1/secrets"))
            world.aws.wait_for_calls(calls + 6)  # those two pages, and one for each of the others
            world.aws.parameters.put_together(dict.fromkeys(names, "canary 2"))
            held.set()
            together = json.loads(reader.answer().body)
        assert {together[name.rpartition("/")[2]] for name in names} == {"canary 2"}
    return "the new values, all of them"


CASES = [
    Case("secrets rotate while calls fail", _while_calls_fail),
    Case("a secret rotates, and AWS recovers", _within_the_ttl, tries=5),
    Case("a secret rotates during a refresh", _during_a_refresh),
    Case("a path rotates between its pages", _between_pages),
]

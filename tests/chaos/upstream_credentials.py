"""Credentials that end, and an endpoint that gives none."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.upstream_world import Seen, Upstream
from tests.fakes.container_credentials import ContainerCredentials
from tests.fakes.faults import ANY, INTERNAL_ERROR, Deny, Fault, Hold, Refuse, Reply
from tests.fakes.http_service import Delivery
from tests.integration.raw_client import RawClient
from tests.patience import PATIENT

_NO_KEYS = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), "")
_EXPIRED = Refuse("ExpiredTokenException", "The security token included in the request is expired")
_FAULTS: Sequence[tuple[str, Fault]] = (
    ("refuses", Deny()),
    ("answers 500", INTERNAL_ERROR),
    ("answers garbage", Reply(b'{"AccessKeyId": "AK')),
    ("answers without keys", Reply(b"{}")),
    ("resets", Delivery.RESET),
    ("hangs", Delivery.HANG),
    ("hangs in the body", Delivery.HANG_IN_BODY),
)


@contextmanager
def _world() -> Iterator[tuple[Upstream, ContainerCredentials, dict[str, str]]]:
    """A world with a container's endpoint, and the variables of a daemon that is to ask it."""
    with Upstream() as world, ContainerCredentials(world.aws.credentials) as container:
        yield world, container, {**_NO_KEYS, **container.environment()}


def _outlasts(fault: Fault) -> Callable[[Path], str]:
    """Begin with such an endpoint, get over it, and have it again as the credentials expire."""

    def attempt(layer: Path) -> str:
        with _world() as (world, container, variables):
            container.faults.always(ANY, fault)
            world.start(layer, variables)
            world.daemon.token = container.token
            first = world.fails("broken")
            container.faults.clear()
            world.comes_to_serve(1)
            container.credentials = world.aws.rotate()
            world.rotate()
            container.faults.always(ANY, fault)
            meanwhile = world.serves_stale(1)
            container.faults.clear()
            after = world.comes_to_serve(2)
        return f"{first}; {meanwhile}; then {after}"

    return attempt


def _expired_under_way(layer: Path) -> str:
    """A call is refused at the end of its travel, though it was signed in time."""
    with _world() as (world, container, variables):
        world.start(layer, {**variables, **PATIENT})
        world.daemon.token = container.token
        world.comes_to_serve(1)
        asked, held = len(world.aws.calls), threading.Event()
        world.aws.faults.once("GetParameter", Hold(held, _EXPIRED))
        with RawClient(world.daemon.port) as reader:
            reader.send(world.daemon.request("/v1/secrets/P0?format=json&refresh=true"))
            world.aws.wait_for_calls(asked + 1)
            container.credentials = world.aws.rotate()
            world.rotate()
            held.set()
            assert world.understood(reader.answer()) == Seen("fresh", 2)
        assert world.aws.calls[-1].key_id == world.aws.credentials.key_id
        return world.comes_to_serve(2)


def _expired_for_good(layer: Path) -> str:
    """Keys in the environment can't be renewed: the last good value serves for its time."""
    with Upstream() as world:
        world.start(layer).comes_to_serve(1)
        world.aws.rotate()
        world.rotate()
        return world.serves_stale(1)


CASES = [
    *(Case(f"the credentials endpoint {name}", _outlasts(fault)) for name, fault in _FAULTS),
    Case("credentials expire during a call", _expired_under_way),
    Case("the environment's credentials expire", _expired_for_good),
]

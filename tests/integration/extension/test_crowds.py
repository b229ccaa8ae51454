"""Crowds without the token: they keep no reader out that has it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes.aws import FakeAws
from tests.integration.conftest import serving
from tests.integration.crowd import BEHAVIOURS, Behaviour, Crowd
from tests.integration.daemon import Daemon
from tests.integration.raw_client import RawClient

READERS = 20


def put(aws: FakeAws) -> Mapping[str, str]:
    """A parameter."""
    aws.parameters.put("/key", "canary")
    return {"KEY": "/key"}


@pytest.fixture(scope="module")
def daemon(layer: Path) -> Iterator[Daemon]:
    """The daemon with it."""
    with serving(layer, put) as running:
        yield running


def statuses(daemon: Daemon) -> list[int]:
    """What readers with the token are answered, each on a connection of its own."""

    def ask() -> int:
        with RawClient(daemon.port) as reader:
            return reader.ask(daemon.request("/v1/secrets/KEY")).status

    return [ask() for _ in range(READERS)]


@pytest.mark.parametrize("behaviour", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_a_crowd_without_the_token_keeps_nobody_out(daemon: Daemon, behaviour: Behaviour) -> None:
    """Five hundred and twelve of them, from their first moment on and later."""
    with Crowd(daemon.port, behaviour):
        assert statuses(daemon) == [200] * READERS
        assert statuses(daemon) == [200] * READERS

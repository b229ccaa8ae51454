"""What the tests of the daemon share: the staged layer, the fakes around it, and a way to start."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.rapid.layer import stage

CANARY = "canary"
"""Stands in every secret value of these tests, and may stand in no output."""


class Start(Protocol):
    """Starts the daemon beside the fakes."""

    def __call__(self, **variables: str | None) -> Daemon:
        """Start it with the fake AWS's variables and these; None takes one away."""


@pytest.fixture(scope="session")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layer's tree, as under `/opt`."""
    return stage(tmp_path_factory.mktemp("layer") / "opt")


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    """SSM and Secrets Manager."""
    with FakeAws() as running:
        yield running


@pytest.fixture
def api() -> Iterator[FakeRuntimeApi]:
    """The Extensions API."""
    with FakeRuntimeApi() as running:
        yield running


@pytest.fixture
def start(layer: Path, aws: FakeAws, api: FakeRuntimeApi) -> Iterator[Start]:
    """Starts daemons, ends them, and makes sure that their output is a log without secrets."""
    started: list[Daemon] = []
    with ExitStack() as stack:

        def start(**variables: str | None) -> Daemon:
            given = {**aws.environment(), **variables}
            environment = {name: value for name, value in given.items() if value is not None}
            started.append(stack.enter_context(Daemon(layer, api, environment)))
            return started[-1]

        yield start
    for daemon in started:
        assert_clean(daemon)


def assert_clean(daemon: Daemon) -> None:
    """Assert that an ended daemon wrote nothing but log lines, and no secret into them."""
    assert daemon.errors == ""
    assert all(line["logger"] == "warmkey" for line in daemon.lines)
    assert CANARY not in daemon.output
    assert not daemon.token or daemon.token not in daemon.output

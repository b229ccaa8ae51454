"""What a case happens in: a daemon and the fakes around it."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Self

from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.integration.process import EndpointProcess

VALUE = "canary"
"""Stands in every secret, and may stand in no output."""
SHORT_PREFETCH = {"WARMKEY_PREFETCH_TIMEOUT_MILLIS": "100"}
"""The least: for cases in which init goes on without what is prefetched."""

_NOTHING: Mapping[str, str] = MappingProxyType({})


class World:
    """The fakes, and a daemon once it is started.

    When the `with` block ends, so does the daemon, and what it has written is looked at.

    Args:
        aws: What the daemon fetches from; None for one of its own.
        variables: The daemon's variables, beside those that lead to the fakes.

    Attributes:
        aws: What the daemon fetches from.
        api: What it registers at.
        daemon: The daemon.

    Raises:
        AssertionError: When the block ends: it has written anything but log lines, or a secret.
    """

    daemon: Daemon

    def __init__(self, aws: FakeAws | None = None, variables: Mapping[str, str] = _NOTHING) -> None:
        self.aws = aws or FakeAws()
        self._variables = dict(variables)
        self._daemons: list[Daemon] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._look_at_output)
            stack.enter_context(self.aws)
            self.api = stack.enter_context(FakeRuntimeApi())
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(
        self,
        layer: Path,
        variables: Mapping[str, str] = _NOTHING,
        *,
        command: Sequence[str] = (),
        descriptors: Sequence[int] = (),
    ) -> Self:
        """Start the daemon.

        Args:
            layer: The layer's tree.
            variables: Its variables, over those that it has in any case.
            command: What starts it, before the path of its executable.
            descriptors: What it inherits beside its standard streams.
        """
        given = {**self.aws.environment(), **self._variables, **variables}
        daemon = Daemon(layer, self.api, given, command=command, descriptors=descriptors)
        self.daemon = self._stack.enter_context(daemon)
        self._daemons.append(daemon)
        return self

    def ready(self) -> Self:
        """Wait until it asks for its first event."""
        self.daemon.wait_until_ready()
        return self

    def _look_at_output(self) -> None:
        for daemon in self._daemons:
            says_nothing_secret(daemon)


def says_nothing_secret(process: EndpointProcess) -> None:
    """Look at all that an ended process has written.

    Raises:
        AssertionError: There is anything but log lines, or a secret.
    """
    assert process.errors == ""
    assert all(line["logger"] == "warmkey" for line in process.lines)
    assert VALUE not in process.output
    assert not process.token or process.token not in process.output

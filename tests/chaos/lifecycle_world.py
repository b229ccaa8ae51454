"""A daemon under whatever circumstances, and the fakes around it."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Self

from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, Hold
from tests.fakes.runtime_api import Call, FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.integration.process import EndpointProcess
from tests.integration.raw_client import Answer, RawClient

VALUE = "canary"
KEY = "/v1/secrets/KEY"
REFRESHED = "/v1/secrets/KEY?refresh=true"
_LEFT_BY_LAMBDA = 1.5  # seconds from SHUTDOWN to SIGKILL, where the runtime has taken long


class World:
    """The fakes, and a daemon with one declared secret, `KEY`, once it is started.

    When the `with` block ends, so does the daemon, and what it has written is looked at.

    Args:
        clock: What AWS holds signatures against, in seconds since the epoch.

    Attributes:
        aws: What the daemon fetches from.
        api: What it registers at.
        daemon: The daemon.

    Raises:
        AssertionError: When the block ends: it has written anything but log lines, or a secret.
    """

    daemon: Daemon

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._daemons: list[Daemon] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._look_at_output)
            self.aws = stack.enter_context(FakeAws(clock=self._clock))
            self.api = stack.enter_context(FakeRuntimeApi())
            self.aws.parameters.put("/key", VALUE)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(
        self,
        layer: Path,
        variables: Mapping[str, str] = MappingProxyType({}),
        *,
        command: Sequence[str] = (),
        descriptors: Sequence[int] = (),
    ) -> Self:
        """Start the daemon.

        Args:
            layer: The layer's tree.
            variables: Its variables, beside those that lead to the fakes.
            command: What starts it, before the path of its executable.
            descriptors: What it inherits beside its standard streams.
        """
        given = {**self.aws.environment(), "KEY": "warmkey:/key", **variables}
        daemon = Daemon(layer, self.api, given, command=command, descriptors=descriptors)
        self.daemon = self._stack.enter_context(daemon)
        self._daemons.append(daemon)
        return self

    def ready(self) -> Self:
        """Wait until it asks for its first event."""
        self.daemon.wait_until_ready()
        return self

    def held(self) -> threading.Event:
        """Hold the next calls upstream until the event is set."""
        event = threading.Event()
        self.aws.faults.always(ANY, Hold(event))
        return event

    def reading(self, target: str = REFRESHED) -> RawClient:
        """A reader whom the daemon knows, and who has sent a request."""
        client = RawClient(self.daemon.port)
        client.ask(self.daemon.request())
        client.send(self.daemon.request(target))
        return client

    def waiting(self, target: str = REFRESHED) -> RawClient:
        """A reader whose request is being answered by a call upstream."""
        calls = len(self.aws.calls)
        client = self.reading(target)
        self.aws.wait_for_calls(calls + 1)
        return client

    def serves(self, value: str = VALUE) -> str:
        """Read, from what is held and from upstream.

        Raises:
            AssertionError: The value is another.
        """
        for target in (KEY, REFRESHED):
            answer = self.daemon.get(target)
            assert (answer.status_code, answer.text) == (200, value), answer.text
        return "the value"

    def leaves(self, exit_code: int = 0) -> str:
        """Wait until it has ended.

        Raises:
            AssertionError: It has ended in another way.
        """
        code = self.daemon.wait_for_end()
        assert code == exit_code, f"exit code {code}: {self.daemon.output}"
        return f"exit code {code}"

    def leaves_at_shutdown(self) -> str:
        """Send SHUTDOWN, and wait until it has ended, for as long as Lambda waits.

        Raises:
            AssertionError: It has not, or in another way.
        """
        sent = time.monotonic()
        self.api.shutdown()
        code = self.leaves()
        assert time.monotonic() - sent < _LEFT_BY_LAMBDA
        return code

    def reports(self, call: Call, error_type: str, *words: str) -> str:
        """Wait for a report of what went wrong, which is also its last log line.

        Raises:
            AssertionError: It says something else.
        """
        seen = self.api.wait_for(call)
        assert seen.headers["Lambda-Extension-Function-Error-Type"] == error_type
        self.leaves(1)
        last = self.daemon.lines[-1]
        assert (last["level"], last["errorType"]) == ("ERROR", error_type)
        assert all(word in last["message"] for word in words), last["message"]
        return f"{error_type}: {last['message']}"

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


def answered(client: RawClient, value: str = VALUE) -> Answer:
    """The answer to a reader who waits.

    Raises:
        AssertionError: It is not the value.
    """
    answer = client.answer()
    assert (answer.status, answer.body) == (200, value.encode()), answer
    return answer


def shell(script: str) -> tuple[str, ...]:
    """What runs a line of shell before the command that it is given."""
    return ("sh", "-c", f'{script}; exec "$@"', "sh")

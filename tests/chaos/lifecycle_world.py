"""A daemon with one secret, under whatever circumstances."""

import threading
import time
from collections.abc import Callable

from tests.chaos.world import VALUE, World
from tests.fakes.aws import FakeAws
from tests.fakes.faults import ANY, Hold
from tests.fakes.runtime_api import Call
from tests.integration.raw_client import Answer, RawClient
from tests.patience import PATIENCE

KEY = "/v1/secrets/KEY"
REFRESHED = "/v1/secrets/KEY?refresh=true"
_LEFT_BY_LAMBDA = 2.0  # seconds from SHUTDOWN to SIGKILL, here where no runtime takes its part


class KeyWorld(World):
    """A world with one declared secret, `KEY`.

    Args:
        clock: What AWS holds signatures against, in seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__(FakeAws(clock=clock), {"KEY": "warmkey:/key"})
        self.aws.parameters.put("/key", VALUE)

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

    def comes_to_answer(self, target: str) -> str:
        """Read until what is there is served, and return it.

        Raises:
            AssertionError: It is not.
        """
        until = time.monotonic() + PATIENCE
        while (answer := self.daemon.get(target)).status_code != 200:
            assert time.monotonic() < until, answer.text
        return answer.text

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

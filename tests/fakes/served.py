"""An endpoint with time, upstream and tokens in a test's own hands."""

from collections.abc import Callable, Mapping

from extension.declared.declarations import Declarations
from extension.declared.reference import parse
from extension.endpoint.endpoint import Endpoint
from extension.endpoint.exchange import Timing
from extension.endpoint.responses.problem import Refused
from extension.endpoint.status.queue import Asker
from extension.http.client.response_parser import ResponseParser
from extension.http.loop import Timer
from extension.http.messages import Response
from extension.http.scrubber import Scrubber
from tests.fakes.heads import TOKEN, head
from tests.fakes.supplied import TTL, Supplied

BUDGET = 10.0
STALE_BUDGET = 2.5


class Asked:
    """A request, and what came back so far.

    Attributes:
        response: The answer, once there is one.
        keep_alive: Whether the connection lives on, as the reader is told.
        admitted: Whether its reader counts among those that have shown the token.
        refusal: Why there is no room for that, if there is none.
    """

    def __init__(self) -> None:
        self.response: Response | None = None
        self.keep_alive: bool | None = None
        self.admitted = False
        self.refusal: Refused | None = None

    def admit(self) -> None:
        """Note that the token was shown, as the reader of a connection does."""
        if self.refusal is not None:
            raise self.refusal
        self.admitted = True

    def take(self, data: bytes, keep_alive: bool) -> None:
        """Take the answer, as the reader of a connection does."""
        assert self.response is None, "it was answered already"
        self.response = ResponseParser().feed(data)
        self.keep_alive = keep_alive

    @property
    def answer(self) -> Response:
        """The answer, which must be there."""
        assert self.response is not None, "it has not been answered"
        return self.response


class Served(Supplied):
    """An endpoint that serves these references, by alias.

    Attributes:
        sources: What the references point to, each once.
        accepted: The tokens that are accepted.
        timers: What the endpoint wants called later, and after how many seconds.
        status_askers: For each that asked for the status, whether it had shown the token.
        report: What the status is, or the fault that keeps it from being told.
        reads: How many reads it told of.
        faults: The faults that it told of.
        on_fault: What it tells them to.
        endpoint: The endpoint.
    """

    def __init__(self, ttl: int = TTL, **references: str) -> None:
        super().__init__(ttl)
        self.accepted = [TOKEN]
        self.timers: list[Timer] = []
        self.report: str | Exception = '{"state":"ready"}'
        self.status_askers: list[bool] = []
        self.reads = 0
        self.tag_key = b"key"
        self.faults: list[Exception] = []
        self.on_fault: Callable[[Exception], None] = self.faults.append
        declared = {alias: parse(text) for alias, text in references.items()}
        self.sources = list(dict.fromkeys(reference.source for reference in declared.values()))
        self.endpoint = Endpoint(
            Declarations("", declared),
            self.supply,
            self,
            Timing(lambda: self.now, self._call_later, BUDGET, STALE_BUDGET),
        )

    def clean(self, text: str) -> str:
        """A text without the tokens."""
        return Scrubber(lambda: self.accepted).clean(text)

    def tokens(self) -> list[str]:
        """The tokens that are accepted."""
        return self.accepted

    def ask_status(self, asker: Asker, *, authenticated: bool) -> None:
        """Tell the report, and note who asked."""
        self.status_askers.append(authenticated)
        asker(self.report)

    def note_read(self) -> None:
        """Count a read."""
        self.reads += 1

    def internal_error(self, error: Exception) -> None:
        """Note a fault."""
        self.on_fault(error)

    def ask(self, target: str, headers: Mapping[str, str | None] | None = None) -> Asked:
        """Send a request; it may be answered at once, or later."""
        return self.send(head(target, headers or {}))

    def send(self, request: bytes, refusal: Refused | None = None) -> Asked:
        """Send a request's head as it is; there may be no room for one with the token."""
        asked = Asked()
        asked.refusal = refusal
        self.endpoint.handle(request, asked.take, asked.admit)
        return asked

    def run_out_of_time(self) -> None:
        """Let every timer that was not cancelled come due."""
        due, self.timers = self.timers, []
        for timer in due:
            if timer.callback is not None:
                timer.callback()

    def _call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        self.timers.append(Timer(seconds, callback))
        return self.timers[-1]

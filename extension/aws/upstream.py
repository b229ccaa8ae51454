"""Upstream: everything between the loop, which asks for sources, and the AWS services."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from ..declared.settings import Settings
from ..http.failure import Failed
from ..sources.responses.outcome import Outcome
from ..sources.service import Job
from ..sources.services import SERVICES
from ..sources.source import Source
from .attempt import Attempt, Tried
from .client.client import Client
from .fetcher import BRIEF_ATTEMPTS, PATIENT_ATTEMPTS, Fetch, Pause
from .lanes import Lane, Lanes
from .log import Log
from .prefetch import Prefetch
from .workers import internal_error

Deliver = Callable[[Mapping[Source, Outcome], float], None]
"""Takes outcomes, and when the call began that they are from, in seconds of `time.monotonic`."""


class _Run:
    """A fetch under way.

    Attributes:
        job: what is fetched.
        lane: what fetches it.
        fetch: its steps.
        client: one that has begun its first call already, or None.
        began: when the first call that worked began, or the last that failed; of one that was
            sent ahead, when its fetch began.
        has_worked: whether one has worked.
    """

    __slots__ = ("began", "client", "fetch", "has_worked", "job", "lane")

    def __init__(self, job: Job, lane: Lane, fetch: Fetch, client: Client | None) -> None:
        self.job = job
        self.lane = lane
        self.fetch = fetch
        self.client = client
        self.began = time.monotonic()
        self.has_worked = False


class Upstream:
    """Fetches sources: decides on the loop, and makes attempts on worker threads.

    Args:
        settings: how many connections there are.
        lanes: fetch the sources, each those of its route.
        log: where internal errors are told.
        call_later: has the loop's thread call something after some seconds.
        deliver: takes what was fetched, on the loop's thread.

    Attributes:
        counters: the calls made, and those that failed.
    """

    __slots__ = (
        "_call_later",
        "_deliver",
        "_lanes",
        "_log",
        "_settings",
        "counters",
    )

    def __init__(
        self,
        settings: Settings,
        lanes: Lanes,
        log: Log,
        call_later: Callable[[float, Callable[[], None]], object],
        deliver: Deliver,
    ) -> None:
        self._settings = settings
        self._lanes = lanes
        self._log = log
        self._call_later = call_later
        self._deliver = deliver
        self.counters = {"upstreamCalls": 0, "upstreamErrors": 0}

    def resume_from(self, prefetch: Prefetch) -> None:
        """Finish the calls that prefetch has sent, and make those that it has not."""
        for job, client in prefetch.started:
            self._begin(self._lanes.of(job[0]), job, PATIENT_ATTEMPTS, client)
        for job in prefetch.waiting:
            self._begin(self._lanes.of(job[0]), job, PATIENT_ATTEMPTS)

    def fetch(self, sources: Iterable[Source], retry: bool) -> None:
        """Fetch sources, in the fewest calls; with retries, or with one attempt's time for all.

        What fails is not put into one batch with what works.
        """
        attempts = PATIENT_ATTEMPTS if retry else BRIEF_ATTEMPTS
        groups: dict[tuple[Lane, bool], list[Source]] = {}
        for source in sources:
            lane = self._lanes.of(source)
            failing = lane.fetcher.history.is_failing((source,))
            groups.setdefault((lane, failing), []).append(source)
        for (lane, _), group in groups.items():
            for job in self._jobs(group):
                self._begin(lane, job, attempts)

    def _jobs(self, group: list[Source]) -> list[Job]:
        """The jobs of sources that go one route."""
        if len(group) == 1:
            return [(group[0],)]
        return SERVICES[group[0].service].plan(group, self._settings.max_connections)

    def _begin(self, lane: Lane, job: Job, attempts: int, client: Client | None = None) -> None:
        self._go_on(_Run(job, lane, lane.fetcher.fetch(job, attempts), client), None)

    def _go_on(self, run: _Run, tried: Tried | None) -> None:
        """Do the next step of a fetch."""
        try:
            step = run.fetch.send(tried)
        except StopIteration as end:
            self._deliver(end.value, run.began)
        except Exception as error:
            self._log.internal_error(error)
            self._deliver(dict.fromkeys(run.job, internal_error(error)), run.began)
        else:
            match step:
                case Pause(seconds):
                    self._call_later(seconds, lambda: self._go_on(run, None))
                case Attempt():
                    self._try(run, step)

    def _try(self, run: _Run, attempt: Attempt) -> None:
        client, run.client = run.client, None

        def take(tried: Tried | Failed | None) -> None:
            self._take(run, tried, sent_ahead=client is not None)

        if client is None:
            run.lane.workers.submit(attempt, take)
        else:
            run.lane.workers.start_with(run.lane.runner_of(client), attempt, take)

    def _take(self, run: _Run, tried: Tried | Failed | None, *, sent_ahead: bool) -> None:
        if isinstance(tried, Failed):
            self._deliver(dict.fromkeys(run.job, tried), run.began)
            return
        if tried is not None:
            failed = isinstance(tried.outcome, Failed)
            self.counters["upstreamCalls"] += 1
            self.counters["upstreamErrors"] += failed
            if not run.has_worked:
                run.began = run.began if sent_ahead else tried.began
                run.has_worked = not failed
        self._go_on(run, tried)

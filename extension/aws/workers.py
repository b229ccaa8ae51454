"""Workers: the few threads on which upstream calls of one service block."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping

from ..http.failure import Failed, Kind
from ..sources.outcome import Outcome
from ..sources.source import Job, Source
from .fetcher import Fetcher

_NO_THREAD = Failed(
    Kind.INVALID,
    "no thread can be started to fetch it",
    "give the function more memory, or let it start fewer threads and processes: Lambda allows "
    "1,024 to all that runs in its environment",
)
_NO_MEMORY = Failed(
    Kind.INVALID, "there is no memory left to fetch it", "give the function more memory"
)


class Workers:
    """Up to so many threads, started when there is work for them and never before.

    Theory of operation: every job has an outcome, as somebody waits for one. Where the system gives
    no more threads, the workers that there are do it all; where there are none, the job has failed,
    in a way that may pass, and the next one tries again.

    `submit` and `adopt` are for the loop's thread only, which is also told what jobs brought.

    Args:
        most: how many threads there may be; each keeps one connection.
        fetcher: makes the fetcher of a new thread.
        call_soon: has the loop's thread call something.
        deliver: takes what a job brought, on the loop's thread.
        on_fault: told of a fault of our own, on a worker's thread.
    """

    __slots__ = (
        "_call_soon",
        "_deliver",
        "_fetcher",
        "_jobs",
        "_most",
        "_on_fault",
        "_outstanding",
        "_started",
    )

    def __init__(
        self,
        most: int,
        fetcher: Callable[[], Fetcher],
        call_soon: Callable[[Callable[[], None]], None],
        deliver: Callable[[Mapping[Source, Outcome]], None],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._most = most
        self._fetcher = fetcher
        self._call_soon = call_soon
        self._deliver = deliver
        self._on_fault = on_fault
        self._jobs: queue.SimpleQueue[tuple[Job, int]] = queue.SimpleQueue()
        self._started = 0
        self._outstanding = 0

    def submit(self, job: Job, patience: int) -> None:
        """Have a worker do a job, for as long as so many attempts may take."""
        if self._outstanding >= self._started and self._started < self._most:
            self.adopt(self._fetcher(), job, patience)
        else:
            self._outstanding += 1
            self._jobs.put((job, patience))

    def adopt(self, fetcher: Fetcher, job: Job, patience: int) -> None:
        """Start a worker with a fetcher that may have begun its first job already."""
        self._outstanding += 1
        try:
            threading.Thread(target=self._work, args=(fetcher, job, patience), daemon=True).start()
            self._started += 1
        except (RuntimeError, MemoryError):
            if self._started:
                self._jobs.put((job, patience))
            else:
                self._call_soon(lambda: self._done(dict.fromkeys(job, _NO_THREAD)))

    def _work(self, fetcher: Fetcher, job: Job, patience: int) -> None:
        while True:
            outcomes = self._fetched(fetcher, job, patience)
            self._call_soon(lambda brought=outcomes: self._done(brought))  # type: ignore[misc]
            job, patience = self._jobs.get()

    def _done(self, outcomes: Mapping[Source, Outcome]) -> None:
        self._outstanding -= 1
        self._deliver(outcomes)

    def _fetched(self, fetcher: Fetcher, job: Job, patience: int) -> Mapping[Source, Outcome]:
        """What a job brought; a fault of our own is an outcome too."""
        try:
            return fetcher.fetch(job, patience)
        except MemoryError:
            return dict.fromkeys(job, _NO_MEMORY)
        except Exception as error:
            self._on_fault(error)
            fault = Failed(Kind.INVALID, f"an internal error in Warmkey: {type(error).__name__}")
            return dict.fromkeys(job, fault)

"""Workers: the few threads on which upstream calls of one service block."""

from __future__ import annotations

import _thread
import math
import queue
import time
from collections.abc import Callable
from dataclasses import replace

from ..http.failure import Failed, Kind
from .attempt import Attempt, AttemptRunner, Tried
from .worker_queue import Rank, WorkerQueue

Take = Callable[[Tried | Failed | None], None]
"""Takes what came of an attempt: a failure where none could be made, for a reason of our own; None
where its deadline came before its turn."""

_SHORTEST = 0.5  # seconds of an attempt that is cut short
_LONG = 4  # times what a call takes usually
_THROTTLED = 1.0  # seconds after a throttled call; quotas are per second
_MEMORY = 0.8  # of what calls took before, in what they take usually
_NO_THREAD = Failed(
    Kind.INVALID,
    "no thread can be started to fetch it",
    "give the function more memory, or let it start fewer threads and processes: Lambda allows "
    "1,024 to all that runs in its environment",
)
_NO_MEMORY = Failed(
    Kind.INVALID, "there is no memory left to fetch it", "give the function more memory"
)


class _Job:
    """An attempt that waits for a worker or has one, and who takes what comes of it."""

    __slots__ = ("attempt", "take")

    def __init__(self, attempt: Attempt, take: Take) -> None:
        self.attempt = attempt
        self.take = take


class Workers:
    """Up to so many threads, started when there is work for them and never before.

    Theory of operation: a worker makes one attempt at a time, and the loop's thread decides which
    is next. Every attempt has an outcome, as somebody waits for one. Where the system gives no more
    threads, the workers that there are do it all; where there are none, the attempt has failed, in
    a way that may pass, and the next one tries again.

    They are `_thread`'s, as `threading.Thread` waits until the new thread runs: 0.6 ms of a start.

    Of names that were never read nobody knows which would hang. So where there are several, each
    has for a first attempt but a few times as long as calls take usually: the next is soon due, and
    what hangs goes on where what fails waits, with all of its time.

    Everything but the workers' own part is for the loop's thread only, which is also told what came
    of the attempts.

    Args:
        most: how many threads there may be; each keeps one connection.
        make_runner: makes the runner of a new thread.
        call_soon: has the loop's thread call something.
        on_error: told of an internal error, on a worker's thread.
    """

    __slots__ = (
        "_call_soon",
        "_jobs",
        "_make_runner",
        "_most",
        "_on_error",
        "_queue",
        "_started",
        "_throttled_until",
        "_usual",
    )

    def __init__(
        self,
        most: int,
        make_runner: Callable[[], AttemptRunner],
        call_soon: Callable[[Callable[[], None]], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._most = most
        self._make_runner = make_runner
        self._call_soon = call_soon
        self._on_error = on_error
        self._queue = WorkerQueue[_Job](most)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._started = 0
        self._throttled_until = -math.inf
        self._usual = math.inf  # seconds that a response takes; unknown before the first

    def submit(self, attempt: Attempt, take: Take) -> None:
        """Have an attempt made when it is its turn.

        Args:
            attempt: what to try.
            take: takes what came of it, later.
        """
        self._queue.put(attempt.rank, _Job(attempt, take), time.monotonic())
        self._give_turns()

    def start_with(self, runner: AttemptRunner, attempt: Attempt, take: Take) -> None:
        """Start a worker with a runner that may have begun its first attempt already."""
        self._queue.begin(attempt.rank)
        self._start(runner, _Job(attempt, take))

    def end(self) -> None:
        """Let the threads end when they have done what there is; later work starts new ones."""
        for _ in range(self._started):
            self._jobs.put(None)
        self._started = 0

    def _give_turns(self) -> None:
        throttled = time.monotonic() < self._throttled_until
        while (turn := self._queue.next(throttled=throttled)) is not None:
            _, job = turn
            job.attempt = self._hurried(job.attempt)
            if job.attempt.deadline <= time.monotonic():
                self._queue.end(job.attempt.rank)
                self._call_soon(lambda take=job.take: take(None))  # type: ignore[misc]
            elif self._queue.at_work > self._started and self._started < self._most:
                self._start(self._make_runner(), job)
            else:
                self._jobs.put(job)

    def _hurried(self, attempt: Attempt) -> Attempt:
        """An attempt, cut short where it is one of several for names that were never read."""
        if attempt.rank is not Rank.NEW or not self._queue.is_crowd(attempt.rank):
            return attempt
        seconds = max(_SHORTEST, _LONG * self._usual)
        return replace(attempt, seconds=min(attempt.seconds, seconds))

    def _start(self, runner: AttemptRunner, job: _Job) -> None:
        try:
            _thread.start_new_thread(self._work, (runner, job))
            self._started += 1
        except (RuntimeError, MemoryError):
            if self._started:
                self._jobs.put(job)
            else:
                self._call_soon(lambda: self._done(job, _NO_THREAD))

    def _work(self, runner: AttemptRunner, job: _Job | None) -> None:
        while job is not None:
            tried = self._tried(runner, job.attempt)
            self._call_soon(lambda done=(job, tried): self._done(*done))  # type: ignore[misc]
            job = self._jobs.get()

    def _done(self, job: _Job, tried: Tried | Failed) -> None:
        self._queue.end(job.attempt.rank)
        if isinstance(tried, Tried) and _is_throttled(tried.outcome):
            self._throttled_until = time.monotonic() + _THROTTLED
        if isinstance(tried, Tried) and not _may_pass(tried.outcome):
            took = tried.ended - tried.began
            known = self._usual < math.inf
            self._usual = took + _MEMORY * (self._usual - took) if known else took
        try:
            job.take(tried)
        finally:
            self._give_turns()

    def _tried(self, runner: AttemptRunner, attempt: Attempt) -> Tried | Failed:
        """What came of an attempt; an internal error is an outcome too."""
        try:
            return runner.run(attempt)
        except MemoryError:
            return _NO_MEMORY
        except Exception as error:
            self._on_error(error)
            return internal_error(error)


def _is_throttled(outcome: object) -> bool:
    return isinstance(outcome, Failed) and outcome.kind is Kind.THROTTLED


def _may_pass(outcome: object) -> bool:
    """Whether an attempt has had no answer to its question."""
    return isinstance(outcome, Failed) and outcome.transient


def internal_error(error: Exception) -> Failed:
    """The outcome of an internal error, whose text may hold anything."""
    return Failed(Kind.INVALID, f"an internal error in Warmkey: {type(error).__name__}")

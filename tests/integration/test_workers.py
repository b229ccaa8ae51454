"""Workers where the system gives no more threads or memory: whoever waits hears of it."""

from __future__ import annotations

import _thread
import queue
from contextlib import contextmanager
from typing import TYPE_CHECKING

from extension.aws.fetcher import PATIENT, Fetcher
from extension.aws.workers import Workers
from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from extension.sources.outcome import Outcome
    from extension.sources.source import Job, Source

JOB = (Parameter("/a"), Parameter("/b"))
VALUE = Failed(Kind.MISSING, "fetched")  # an outcome as good as any


class StubFetcher(Fetcher):
    """Brings what a function says."""

    def __init__(self, fetch: Callable[[], Outcome]) -> None:
        self._fetch_one = fetch

    def fetch(self, job: Job, _patience: int = PATIENT) -> Mapping[Source, Outcome]:
        """The same for each source of the job."""
        return {source: self._fetch_one() for source in job}


class Crew:
    """Workers, the loop's queue, and what was delivered.

    Attributes:
        workers: The workers.
        faults: What was reported as a fault of our own.
    """

    def __init__(self, fetch: Callable[[], Outcome], most: int = 3) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._delivered: list[Mapping[Source, Outcome]] = []
        self.faults: list[Exception] = []
        self.workers = Workers(
            most,
            lambda: StubFetcher(fetch),
            self._calls.put,
            self._delivered.append,
            self.faults.append,
        )

    def delivered(self) -> Mapping[Source, Outcome]:
        """Do what the loop is asked to do next; what that delivers."""
        self._calls.get(timeout=PATIENCE)()
        return self._delivered.pop()


@contextmanager
def no_threads() -> Iterator[None]:
    """Let no thread start: each would need a stack that is larger than any address space."""
    before = _thread.stack_size(1 << 47)
    try:
        yield
    finally:
        _thread.stack_size(before)


def short_of_memory() -> Outcome:
    """What a fetch does that has too little memory."""
    raise MemoryError


def faulty() -> Outcome:
    """What a fetch does that has a fault."""
    raise ValueError("canary")


def test_what_a_worker_fetched_is_delivered() -> None:
    """For each source of the job."""
    crew = Crew(lambda: VALUE)
    crew.workers.submit(JOB, PATIENT)
    assert crew.delivered() == dict.fromkeys(JOB, VALUE)


def test_without_a_thread_whoever_waits_hears_why() -> None:
    """And what to do about it; it may pass, so a last good value would serve."""
    crew = Crew(lambda: VALUE)
    with no_threads():
        crew.workers.submit(JOB, PATIENT)
    outcomes = crew.delivered()
    assert outcomes.keys() == set(JOB)
    for outcome in outcomes.values():
        assert isinstance(outcome, Failed)
        assert outcome.transient
        assert "thread" in outcome.detail
        assert "memory" in outcome.hint
    assert crew.faults == []


def test_the_next_job_tries_to_start_a_thread_again() -> None:
    """Though only one worker may be."""
    crew = Crew(lambda: VALUE, most=1)
    with no_threads():
        crew.workers.submit(JOB, PATIENT)
    crew.delivered()
    crew.workers.submit(JOB, PATIENT)
    assert crew.delivered() == dict.fromkeys(JOB, VALUE)


def test_a_job_without_a_thread_of_its_own_waits_for_a_worker_that_is_there() -> None:
    """As it does where there are as many as there may be."""
    go_on = _thread.allocate_lock()
    go_on.acquire()

    def wait() -> Outcome:
        with go_on:
            return VALUE

    crew = Crew(wait)
    crew.workers.submit(JOB, PATIENT)
    with no_threads():
        crew.workers.submit((Parameter("/c"),), PATIENT)
    go_on.release()
    assert [*crew.delivered(), *crew.delivered()] == [*JOB, Parameter("/c")]


def test_too_little_memory_is_said_as_that() -> None:
    """It is no fault of ours, and more of it is to be had."""
    crew = Crew(short_of_memory)
    crew.workers.submit(JOB, PATIENT)
    outcome = crew.delivered()[JOB[0]]
    assert isinstance(outcome, Failed)
    assert (outcome.transient, outcome.detail) == (True, "there is no memory left to fetch it")
    assert crew.faults == []


def test_a_fault_is_an_outcome_without_its_text() -> None:
    """It may hold a value; the worker goes on."""
    crew = Crew(faulty, most=1)
    for _ in range(2):
        crew.workers.submit(JOB, PATIENT)
        outcome = crew.delivered()[JOB[0]]
        assert isinstance(outcome, Failed)
        assert outcome.detail == "an internal error in Warmkey: ValueError"
    assert [type(fault) for fault in crew.faults] == [ValueError, ValueError]

"""Workers where the system gives no more threads or memory: whoever waits hears of it."""

from __future__ import annotations

import _thread
import math
import queue
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from extension.aws.attempt import Attempt, AttemptRunner, Tried
from extension.aws.worker_queue import Rank
from extension.aws.workers import Workers
from extension.http.failure import Failed, Kind
from extension.sources.parameter import Parameter
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extension.sources.responses.outcome import Outcome

VALUE = Failed(Kind.MISSING, "fetched")  # an outcome as good as any


def attempt(name: str = "/a", deadline: float = math.inf) -> Attempt:
    """An attempt for a parameter."""
    source = Parameter(name)
    return Attempt((source,), source.call(), print, 1.0, deadline, Rank.DECLARED)


class StubRunner(AttemptRunner):
    """Brings what a function says."""

    def __init__(self, make: Callable[[Attempt], Outcome], took: Callable[[], float]) -> None:
        self._make = make
        self._took = took

    def run(self, attempt: Attempt) -> Tried:
        """In no time at all, whatever it says that it took."""
        return Tried(self._make(attempt), 0.0, 1.0, self._took())


class WorkerPool:
    """Workers, the loop's queue, and what was brought.

    Attributes:
        workers: The workers.
        faults: What was reported as a fault of our own.
        took: How long each attempt takes, in seconds.
    """

    def __init__(self, make: Callable[[Attempt], Outcome], most: int = 3) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._brought: list[Tried | Failed | None] = []
        self.faults: list[Exception] = []
        self.took = 0.0
        self.workers = Workers(
            most,
            lambda: StubRunner(make, lambda: self.took),
            self._calls.put,
            self.faults.append,
        )

    def submit(self, attempt: Attempt, rank: Rank = Rank.DECLARED) -> None:
        """Have an attempt made."""
        self.workers.submit(replace(attempt, rank=rank), self._brought.append)

    def result(self) -> Outcome | None:
        """Do what the loop is asked to do next; what that brings."""
        self._calls.get(timeout=PATIENCE)()
        tried = self._brought.pop()
        return tried.outcome if isinstance(tried, Tried) else tried


@contextmanager
def no_threads() -> Iterator[None]:
    """Let no thread start: each would need a stack that is larger than any address space."""
    before = _thread.stack_size(1 << 47)
    try:
        yield
    finally:
        _thread.stack_size(before)


def short_of_memory(_: Attempt) -> Outcome:
    """What an attempt does that has too little memory."""
    raise MemoryError


def faulty(_: Attempt) -> Outcome:
    """What an attempt does that has a fault."""
    raise ValueError("canary")


def test_results_of_a_worker_are_delivered() -> None:
    """To who asked for it."""
    pool = WorkerPool(lambda _: VALUE)
    pool.submit(attempt())
    assert pool.result() == VALUE


def test_missing_thread_is_told_to_pending_reads() -> None:
    """And what to do about it; it may pass, so a last good value would serve."""
    pool = WorkerPool(lambda _: VALUE)
    with no_threads():
        pool.submit(attempt())
    outcome = pool.result()
    assert isinstance(outcome, Failed)
    assert outcome.transient
    assert "thread" in outcome.detail
    assert "memory" in outcome.hint
    assert pool.faults == []


def test_the_next_attempt_tries_to_start_a_thread_again() -> None:
    """Though only one worker may be."""
    pool = WorkerPool(lambda _: VALUE, most=1)
    with no_threads():
        pool.submit(attempt())
    pool.result()
    pool.submit(attempt())
    assert pool.result() == VALUE


def test_an_attempt_without_a_thread_of_its_own_waits_for_a_worker_that_is_there() -> None:
    """As it does where there are as many as there may be."""
    go_on = _thread.allocate_lock()
    go_on.acquire()

    def wait(_: Attempt) -> Outcome:
        with go_on:
            return VALUE

    pool = WorkerPool(wait)
    pool.submit(attempt())
    with no_threads():
        pool.submit(attempt("/c"))
    go_on.release()
    assert [pool.result(), pool.result()] == [VALUE, VALUE]


def test_hanging_job_holds_no_worker_that_another_needs() -> None:
    """Attempts of names that fail hang, more than there are workers; one that works goes by."""
    go_on = _thread.allocate_lock()
    go_on.acquire()

    def hang(attempt: Attempt) -> Outcome:
        if attempt.job[0].name != "/good":
            with go_on:
                pass
        return VALUE

    pool = WorkerPool(hang)
    for number in range(100):
        pool.submit(attempt(f"/{number}"), Rank.FAILING)
    pool.submit(attempt("/good"), Rank.KNOWN)
    assert pool.result() == VALUE
    go_on.release()
    assert [pool.result() for _ in range(100)] == [VALUE] * 100


def test_new_names_are_tried_one_by_one_where_the_service_throttles() -> None:
    """Others, which come to it meanwhile, find a worker."""
    begun: queue.SimpleQueue[str] = queue.SimpleQueue()
    go_on: queue.SimpleQueue[None] = queue.SimpleQueue()

    def make(tried: Attempt) -> Outcome:
        name = tried.job[0].name
        begun.put(name)
        if name.startswith("/new"):
            go_on.get(timeout=PATIENCE)
        return Failed(Kind.THROTTLED, "too many calls") if name == "/throttled" else VALUE

    pool = WorkerPool(make)
    pool.submit(attempt("/throttled"), Rank.NEW)
    assert pool.result() != VALUE
    pool.submit(attempt("/new/1"), Rank.NEW)
    pool.submit(attempt("/new/2"), Rank.NEW)
    pool.submit(attempt("/declared"))
    assert pool.result() == VALUE
    names = [begun.get(timeout=PATIENCE) for _ in range(3)]
    assert sorted(names) == ["/declared", "/new/1", "/throttled"]
    go_on.put(None)
    assert pool.result() == VALUE
    assert begun.get(timeout=PATIENCE) == "/new/2"
    go_on.put(None)
    assert pool.result() == VALUE


def test_an_attempt_whose_deadline_comes_before_its_turn_is_not_made() -> None:
    """Nobody waits for it any more, and others do for their turn."""
    made: list[str] = []

    def note(attempt: Attempt) -> Outcome:
        made.append(attempt.job[0].name)
        return VALUE

    pool = WorkerPool(note, most=1)
    pool.submit(attempt("/late", deadline=0.0))
    pool.submit(attempt())
    assert pool.result() is None
    assert pool.result() == VALUE
    assert made == ["/a"]


@pytest.mark.parametrize(
    ("took", "seconds"),
    [
        ((), [1.0, 1.0, 1.0]),
        ((0.01,), [1.0, 0.5, 0.5]),
        ((0.2,), [1.0, 0.8, 0.8]),
        ((3.0,), [1.0, 1.0, 1.0]),
        ((3.0, *[0.01] * 30), [1.0, 0.5, 0.5]),
    ],
)
def test_one_of_several_new_names_has_a_few_times_what_calls_take(
    took: tuple[float, ...], seconds: list[float]
) -> None:
    """Of its whole time, for a first attempt; but where nobody knows yet what they take."""
    made: list[float] = []

    def note(attempt: Attempt) -> Outcome:
        made.append(attempt.seconds)
        return Failed(Kind.TIMEOUT, "it hangs") if attempt.job[0].name == "/new" else VALUE

    pool = WorkerPool(note)
    for pool.took in took:
        pool.submit(attempt())
        pool.result()
    made.clear()
    for _ in range(3):
        pool.submit(attempt("/new"), Rank.NEW)
    for _ in range(3):
        pool.result()
    assert sorted(made) == sorted(seconds)


@pytest.mark.parametrize("rank", [rank for rank in Rank if rank is not Rank.NEW])
def test_others_have_all_of_their_time(rank: Rank) -> None:
    """However many they are."""
    made: list[float] = []

    def note(attempt: Attempt) -> Outcome:
        made.append(attempt.seconds)
        return VALUE

    pool = WorkerPool(note)
    pool.submit(attempt())
    pool.result()
    for _ in range(4):
        pool.submit(attempt(), rank)
    for _ in range(4):
        pool.result()
    assert made == [1.0] * 5


def test_too_little_memory_is_said_as_that() -> None:
    """It is no fault of ours, and more of it is to be had."""
    pool = WorkerPool(short_of_memory)
    pool.submit(attempt())
    outcome = pool.result()
    assert isinstance(outcome, Failed)
    assert (outcome.transient, outcome.detail) == (True, "there is no memory left to fetch it")
    assert pool.faults == []


def test_a_fault_is_an_outcome_without_its_text() -> None:
    """It may hold a value; the worker goes on."""
    pool = WorkerPool(faulty, most=1)
    for _ in range(2):
        pool.submit(attempt())
        outcome = pool.result()
        assert isinstance(outcome, Failed)
        assert outcome.detail == "an internal error in Warmkey: ValueError"
    assert [type(fault) for fault in pool.faults] == [ValueError, ValueError]

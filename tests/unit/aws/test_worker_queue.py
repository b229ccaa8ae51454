"""The queue for workers: who gets a worker, where there are more who want one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extension.aws.worker_queue import Rank, WorkerQueue

ranks = st.sampled_from(Rank)
FAILING = [Rank.FAILING, Rank.DECLARED_FAILING]


def taken(queue: WorkerQueue[str]) -> list[str]:
    """Everybody who gets a worker now, in turn."""
    got = []
    while (turn := queue.next()) is not None:
        got.append(turn[1])
    return got


def crowd(workers: int, *asking: tuple[Rank, str]) -> WorkerQueue[str]:
    """WorkerQueue that these have asked for, at one moment."""
    queue = WorkerQueue[str](workers)
    for rank, who in asking:
        queue.put(rank, who, 0.0)
    return queue


def test_turns_of_one_rank_are_in_the_order_of_asking() -> None:
    """Each name its turn."""
    queue = WorkerQueue[str](1)
    for who in "abc":
        queue.put(Rank.KNOWN, who, 0.0)
    for who in "abc":
        assert queue.next() == (Rank.KNOWN, who)
        assert queue.next() is None
        queue.end(Rank.KNOWN)
    assert queue.next() is None


def test_a_declared_secret_comes_before_what_is_not_declared() -> None:
    """And what works before what fails."""
    order = [Rank.FAILING, Rank.DECLARED_FAILING, Rank.NEW, Rank.DECLARED]
    queue = crowd(1, *((rank, rank.name) for rank in order))
    got = []
    while (turn := queue.next()) is not None:
        got.append(turn[1])
        queue.end(turn[0])
    assert got[0] == "DECLARED"
    assert got[-1] == "FAILING"


@pytest.mark.parametrize("rank", Rank)
def test_no_job_starves(rank: Rank) -> None:
    """However many declared secrets come after it."""
    queue = crowd(1, (rank, "patient"))
    for moment in range(1, 100):
        queue.put(Rank.DECLARED, "declared", float(moment))
        turn = queue.next()
        assert turn is not None
        queue.end(turn[0])
        if turn[1] == "patient":
            return
    raise AssertionError("it never came")


@pytest.mark.parametrize(
    ("workers", "failing", "new", "known"),
    [(1, 1, 1, 1), (2, 1, 1, 2), (3, 1, 2, 3), (8, 6, 7, 8), (32, 30, 31, 32)],
)
def test_failing_jobs_and_new_jobs_each_leave_workers_free(
    workers: int, failing: int, new: int, known: int
) -> None:
    """All of their attempts may hang; one worker is there for each rank in any case."""
    for rank, most in (
        (Rank.FAILING, failing),
        (Rank.DECLARED_FAILING, failing),
        (Rank.NEW, new),
        (Rank.KNOWN, known),
        (Rank.DECLARED, known),
    ):
        assert len(taken(crowd(workers, *[(rank, "x")] * 40))) == most


def test_failing_jobs_and_new_jobs_together_leave_workers_free() -> None:
    """With three workers, one is always there for what works."""
    crowded = [(rank, rank.name) for rank in (*FAILING, Rank.NEW) for _ in range(5)]
    queue = crowd(3, *crowded)
    assert len(taken(queue)) == 2
    queue.put(Rank.KNOWN, "known", 0.0)
    assert taken(queue) == ["known"]


@pytest.mark.parametrize(
    ("workers", "new", "known"), [(1, 1, 1), (2, 1, 2), (3, 1, 3), (8, 6, 8), (32, 30, 32)]
)
def test_new_jobs_leave_one_worker_more_where_the_service_throttles(
    workers: int, new: int, known: int
) -> None:
    """What is declared, or has worked, has as many as ever."""
    for rank, most in ((Rank.NEW, new), (Rank.KNOWN, known), (Rank.DECLARED, known)):
        queue = crowd(workers, *[(rank, "x")] * 40)
        assert sum(queue.next(throttled=True) is not None for _ in range(40)) == most


def test_new_and_failing_jobs_share_a_worker_while_the_service_throttles() -> None:
    """And have theirs again when it does no longer."""
    queue = crowd(3, (Rank.NEW, "new"), (Rank.FAILING, "failing"))
    assert queue.next(throttled=True) == (Rank.NEW, "new")
    assert queue.next(throttled=True) is None
    queue.put(Rank.DECLARED, "declared", 0.0)
    assert queue.next(throttled=True) == (Rank.DECLARED, "declared")
    assert queue.next() == (Rank.FAILING, "failing")


def test_a_worker_that_is_given_back_is_given_to_the_next() -> None:
    """Of those who may have one."""
    queue = crowd(3, (Rank.FAILING, "one"), (Rank.FAILING, "two"))
    assert taken(queue) == ["one"]
    queue.end(Rank.FAILING)
    assert taken(queue) == ["two"]
    assert queue.at_work == 1


@given(
    st.integers(1, 32), st.lists(st.tuples(st.booleans(), ranks, st.floats(0, 100)), max_size=60)
)
def test_workers_are_never_too_many_nor_idle_while_somebody_may_work(
    workers: int, steps: list[tuple[bool, Rank, float]]
) -> None:
    """Whoever asks, and whoever ends."""
    queue, at_work, waiting = (
        WorkerQueue[int](workers),
        dict.fromkeys(Rank, 0),
        dict.fromkeys(Rank, 0),
    )
    for ends, rank, now in steps:
        if ends and at_work[rank]:
            queue.end(rank)
            at_work[rank] -= 1
        else:
            queue.put(rank, 0, now)
            waiting[rank] += 1
        while (turn := queue.next()) is not None:
            at_work[turn[0]] += 1
            waiting[turn[0]] -= 1
        assert sum(at_work.values()) == queue.at_work <= workers
        if waiting[Rank.DECLARED] or waiting[Rank.KNOWN]:
            assert queue.at_work == workers
        assert sum(at_work[each] for each in FAILING) <= max(1, workers - 2)


def test_a_rank_tells_what_an_attempt_is_for() -> None:
    """What fails is that, declared or not."""
    assert Rank.of(declared=True, known=False, failing=False) is Rank.DECLARED
    assert Rank.of(declared=True, known=True, failing=True) is Rank.DECLARED_FAILING
    assert Rank.of(declared=False, known=True, failing=True) is Rank.FAILING
    assert Rank.of(declared=False, known=True, failing=False) is Rank.KNOWN
    assert Rank.of(declared=False, known=False, failing=False) is Rank.NEW

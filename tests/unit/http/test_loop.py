"""The loop: its timers, its calls from other threads, and its end."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from extension.http.loop import Loop
from tests.patience import PATIENCE


@pytest.fixture
def loop() -> Iterator[Loop]:
    """A loop in which nothing may go wrong, nor take long."""
    late = threading.Event()
    loop = Loop(_rethrow)

    def end() -> None:
        late.set()
        loop.call_soon(loop.stop)

    watchdog = threading.Timer(PATIENCE, end)
    watchdog.start()
    yield loop
    watchdog.cancel()
    watchdog.join()
    assert not late.is_set()


def _rethrow(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("seconds", [0.0, 0.001])
@pytest.mark.parametrize("others", [[], [PATIENCE]])
def test_a_timer_may_end_it(loop: Loop, seconds: float, others: list[float]) -> None:
    """It ends at once, and not with the next of them, or never where there is none."""
    for each in others:
        loop.call_later(each, lambda: _rethrow(AssertionError("waited")))
    loop.call_later(seconds, loop.stop)
    loop.run()


def test_a_loop_may_be_ended_before_it_runs(loop: Loop) -> None:
    """And waits for nothing then."""
    loop.stop()
    loop.run()


def test_another_thread_may_end_it(loop: Loop) -> None:
    """Whatever it waits for."""
    threading.Timer(0, loop.call_soon, [loop.stop]).start()
    loop.run()


def test_timers_run_in_the_order_in_which_they_are_due(loop: Loop) -> None:
    """And not in that in which they were set."""
    ran: list[str] = []

    def end() -> None:
        ran.append("second")
        loop.stop()

    loop.call_later(0, end)
    loop.call_later(-PATIENCE, lambda: ran.append("first"))
    loop.run()
    assert ran == ["first", "second"]


def test_ready_descriptor_comes_before_a_timer_that_is_due(loop: Loop) -> None:
    """A loop that was kept from running finds both at once, and the timer may be a limit for it."""
    ran: list[str] = []

    def end() -> None:
        ran.append("timer")
        loop.stop()

    loop.call_later(-PATIENCE, end)
    loop.call_soon(lambda: ran.append("ready"))
    loop.run()
    assert ran == ["ready", "timer"]


def test_a_timer_that_is_cancelled_is_never_called(loop: Loop) -> None:
    """Even if it is due before the end."""
    loop.call_later(0, lambda: _rethrow(AssertionError("called"))).cancel()
    loop.call_later(0.001, loop.stop)
    loop.run()


def test_calls_are_made_in_the_order_in_which_they_came(loop: Loop) -> None:
    """From whatever thread."""
    made: list[int] = []
    for number in range(100):
        loop.call_soon(lambda number=number: made.append(number))  # type: ignore[misc]
    loop.call_soon(loop.stop)
    loop.run()
    assert made == list(range(100))


def test_error_in_a_callback_is_told_and_ends_nothing() -> None:
    """The callbacks after it are called all the same."""
    faults: list[Exception] = []
    loop = Loop(faults.append)
    fault = ValueError("a fault")
    loop.call_later(0, lambda: _rethrow(fault))
    loop.call_soon(lambda: _rethrow(fault))
    loop.call_soon(loop.stop)
    loop.run()
    assert faults == [fault, fault]


def test_a_fault_that_there_is_no_memory_to_tell_ends_nothing() -> None:
    """The others are served on."""
    told: list[Exception] = []

    def tell(fault: Exception) -> None:
        told.append(fault)
        raise MemoryError

    loop = Loop(tell)
    loop.call_later(0, lambda: _rethrow(MemoryError()))
    loop.call_soon(lambda: _rethrow(MemoryError()))
    loop.call_soon(loop.stop)
    loop.run()
    assert len(told) == 2


def test_timers_that_are_cancelled_are_let_go(loop: Loop) -> None:
    """As each read that waits has one; those that are not stay."""
    rung: list[int] = []
    kept = [loop.call_later(0, partial(rung.append, number)) for number in range(3)]
    for _ in range(10_000):
        loop.call_later(PATIENCE, loop.stop).cancel()
    assert len(loop._timers) < 200
    assert len(kept) == 3
    loop.call_later(0, loop.stop)
    loop.run()
    assert rung == [0, 1, 2]


def test_a_timer_may_be_cancelled_twice_or_when_it_is_over(loop: Loop) -> None:
    """Which counts once, or not at all."""
    timers = [loop.call_later(0, lambda: None) for _ in range(100)]
    loop.call_later(0, loop.stop)
    loop.run()
    for timer in timers * 2:
        timer.cancel()
    assert loop._timers == []

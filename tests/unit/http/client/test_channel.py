"""Tasks that one thread runs side by side: each waits for descriptors, or for a moment."""

import math
import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager

from extension.http.client.channel import Ready, Steps, Wait, advance, complete
from tests.patience import PATIENCE


@contextmanager
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe: what can be read once something is written, and where to write it."""
    reading, writing = os.pipe()
    try:
        yield reading, writing
    finally:
        os.close(reading)
        os.close(writing)


class Task:
    """A task that waits as it is told, in turn, and notes what was ready.

    Attributes:
        woken: What was ready each time that it went on.
        closed: Whether it was closed before its end.
    """

    def __init__(self, *waits: Wait) -> None:
        self._waits = waits
        self.woken: list[Ready] = []
        self.closed = False

    def steps(self) -> Steps:
        """Its steps."""
        try:
            for wait in self._waits:
                self.woken.append((yield wait))
        except GeneratorExit:
            self.closed = True
            raise


def soon() -> float:
    """A deadline for what must come."""
    return time.monotonic() + PATIENCE


def test_a_task_is_told_which_of_its_descriptors_are_ready() -> None:
    """It waits for any of several."""
    with pipe() as (first, _), pipe() as (second, writing):
        os.write(writing, b"x")
        task = Task(Wait({first: select.POLLIN, second: select.POLLIN}))
        assert complete([task.steps()], soon()) == [None]
    assert [set(ready) for ready in task.woken] == [{second}]


def test_a_task_goes_on_when_its_moment_has_come() -> None:
    """Though nothing is ready, and whether it waits for descriptors, too, or not."""
    with pipe() as (reading, _):
        now = time.monotonic()
        tasks = Task(Wait({reading: select.POLLIN}, now)), Task(Wait({}, now + 0.001))
        assert complete([task.steps() for task in tasks], soon()) == [None, None]
    assert [[set(ready) for ready in task.woken] for task in tasks] == [[set()], [set()]]


def test_a_descriptor_that_is_no_longer_waited_for_wakes_nobody() -> None:
    """Each wait is for what it names alone."""
    with pipe() as (first, writing), pipe() as (second, other):
        os.write(writing, b"x")
        task = Task(Wait({first: select.POLLIN}), Wait({second: select.POLLIN}, time.monotonic()))
        assert complete([task.steps()], soon()) == [None]
        assert [set(ready) for ready in task.woken] == [{first}, set()]
        del other


def test_a_task_does_not_keep_another_from_its_end() -> None:
    """The one is late, and the other was not."""
    with pipe() as (never, _), pipe() as (reading, writing):
        os.write(writing, b"x")
        late, done = Task(Wait({never: select.POLLIN})), Task(Wait({reading: select.POLLIN}))
        results = complete([late.steps(), done.steps()], time.monotonic())
    assert isinstance(results[0], TimeoutError)
    assert results[1] is None


def test_a_late_task_is_closed() -> None:
    """What it has opened is its own."""
    task = Task(Wait({}, math.inf))
    complete([task.steps()], time.monotonic())
    assert task.closed


def test_suspended_task_goes_on_where_it_stopped() -> None:
    """It waits for the same, and hears what was ready; however often it is left."""
    with pipe() as (reading, writing):
        task = Task(Wait({reading: select.POLLIN}), Wait({reading: select.POLLIN}))
        left: Steps | Exception | None = task.steps()
        for _ in range(3):
            assert left is not None
            assert not isinstance(left, Exception)
            (left,) = advance([left], time.monotonic())
        os.write(writing, b"x")
        assert left is not None
        assert not isinstance(left, Exception)
        assert complete([left], soon()) == [None]
        assert [set(ready) for ready in task.woken] == [{reading}, {reading}]


def test_suspended_task_is_closed_with_its_channel() -> None:
    """Whether it was ever begun or not."""
    task = Task(Wait({}, math.inf))
    (left,) = advance([task.steps()], time.monotonic())
    assert left is not None
    assert not isinstance(left, Exception)
    complete([left], time.monotonic())
    assert task.closed


def test_the_failure_of_a_task_is_its_result() -> None:
    """At its first step, and at a later one."""

    def failing(*, wait: bool) -> Steps:
        if wait:
            yield Wait({}, time.monotonic())
        raise ValueError

    results = complete([failing(wait=False), failing(wait=True)], soon())
    assert [type(result) for result in results] == [ValueError, ValueError]

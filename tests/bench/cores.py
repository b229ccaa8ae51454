"""Which cores run what is measured, and which run what measures."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

Here = Callable[[], AbstractContextManager[None]]
"""Makes a context; what this thread starts in it runs on the cores that were left."""


@contextmanager
def left(count: int) -> Iterator[Here]:
    """Leave so many cores to what is measured, and run this process on the others.

    Args:
        count: How many; where there are no others, everyone shares them. With one, a function has
            as little as a small one on Lambda.
    """
    every = os.sched_getaffinity(0)
    shared = set(sorted(every)[:count])
    others = every - shared or every

    @contextmanager
    def here() -> Iterator[None]:
        os.sched_setaffinity(0, shared)  # which what this thread starts inherits
        try:
            yield
        finally:
            os.sched_setaffinity(0, others)

    _place_threads(others)
    try:
        yield here
    finally:
        _place_threads(every)


def _place_threads(cores: set[int]) -> None:
    """Let every thread of this process run on these cores."""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.sched_setaffinity(int(thread.name), cores)

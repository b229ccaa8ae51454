"""INIT on AWS's own Rapid core, with an extension or without."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.bench.functions import Runtime
from tests.bench.peer import Peer
from tests.bench.world import World
from tests.patience import PATIENCE
from tests.rapid.function import Function
from tests.rapid.sandbox import FunctionError


def init(runtime: Runtime, peer: Peer | None, world: World, *, cores: int = 2) -> float:
    """Measure one INIT, in milliseconds, as the core's INIT REPORT has it.

    Args:
        runtime: The function.
        peer: Its one extension, or None.
        world: What is around it; only SSM is used of it.
        cores: How many cores everything of the function shares: one, as in a small function on
            Lambda, or two. SSM is elsewhere, where there are others.

    Raises:
        FunctionError: As `initialised`.
        TimeoutError: Likewise.
    """
    world.begin()
    function = Function(
        package=runtime.package,
        layer=peer.layer if peer else None,
        environment=world.environment(peer) if peer else {},
        bootstrap=runtime.bootstrap,
    )
    with _sharing(function, cores):
        took, _ = initialised(function)
        return took


def initialised(function: Function, timeout: float = PATIENCE) -> tuple[float, object]:
    """Invoke a function for the first time.

    Args:
        function: It has not been invoked yet.
        timeout: The longest wait, in seconds.

    Returns:
        How long INIT took, in milliseconds, as the core's INIT REPORT has it; and the answer.

    Raises:
        FunctionError: It did not answer, or was initialised more than once.
        TimeoutError: The core did not report INIT.
    """
    answer = function.invoke(timeout=timeout)
    if answer.status == 200:
        function.wait_for_log(r"INIT REPORT\(durationMs")
    reports = function.init_reports()
    if answer.status != 200 or len(reports) != 1:
        raise FunctionError(f"{answer}, INIT {reports}\n{function.log}")
    return reports[0], answer.payload


@contextmanager
def _sharing(function: Function, cores: int) -> Iterator[None]:
    """Run a function on so many cores, and this process on the others, where there are any."""
    every = os.sched_getaffinity(0)
    shared = set(sorted(every)[:cores])
    others = every - shared or every
    _place_threads(others)
    os.sched_setaffinity(0, shared)  # what this thread starts inherits it
    try:
        with function:
            os.sched_setaffinity(0, others)
            yield
    finally:
        _place_threads(every)


def _place_threads(cores: set[int]) -> None:
    """Let every thread of this process run on these cores."""
    for thread in Path("/proc/self/task").iterdir():
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.sched_setaffinity(int(thread.name), cores)

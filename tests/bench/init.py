"""INIT on AWS's own Rapid core, with an extension or without."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.functions import Runtime
from tests.bench.peer import Peer
from tests.bench.world import World
from tests.rapid.function import Function
from tests.rapid.sandbox import FunctionError


def init(runtime: Runtime, peer: Peer | None, world: World, *, one_core: bool = False) -> float:
    """Measure one INIT, in milliseconds, as the core's INIT REPORT has it.

    Args:
        runtime: The function.
        peer: Its one extension, or None.
        world: What is around it; only SSM is used of it.
        one_core: Whether everything of the function shares one core, as in a small one on
            Lambda; SSM is elsewhere then, where there is another core.

    Raises:
        FunctionError: The function did not answer, or was initialised more than once.
        TimeoutError: The core did not report.
    """
    world.begin()
    function = Function(
        package=runtime.package,
        layer=peer.layer if peer else None,
        environment=world.environment(peer) if peer else {},
        bootstrap=runtime.bootstrap,
    )
    with _cores(function, one_core=one_core):
        answer = function.invoke()
        if answer.status == 200:
            function.wait_for_log(r"INIT REPORT\(durationMs")
        reports = function.init_reports()
        if answer.status != 200 or len(reports) != 1:
            raise FunctionError(f"{peer and peer.label}: {answer}, {reports}\n{function.log}")
        return reports[0]


@contextmanager
def _cores(function: Function, *, one_core: bool) -> Iterator[None]:
    """Run a function on all cores or on one, which it then has for itself."""
    every = os.sched_getaffinity(0)
    first = {min(every)}
    if one_core:
        _place_threads(every - first or every)
        os.sched_setaffinity(0, first)  # what this thread starts inherits it
    try:
        with function:
            if one_core:
                os.sched_setaffinity(0, every - first or every)
            yield
    finally:
        if one_core:
            _place_threads(every)


def _place_threads(cores: set[int]) -> None:
    """Let every thread of this process run on these cores."""
    for thread in Path("/proc/self/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)

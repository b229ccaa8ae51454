"""The benchmarks' cores: some for what is measured, the others for what measures."""

import os
import subprocess
import sys
import threading

from tests.bench import cores

PRINT = "import os; print(*os.sched_getaffinity(0))"


def test_process_started_on_one_core_has_one_core() -> None:
    """Here run all others, in every thread; where there is only one, everyone shares it."""
    every = os.sched_getaffinity(0)
    with cores.left(1) as there:
        with there():
            started = subprocess.run(  # noqa: S603
                [sys.executable, "-c", PRINT], capture_output=True, text=True, check=True
            )
        here = os.sched_getaffinity(0)
    (core,) = map(int, started.stdout.split())
    assert here == (every - {core} or every)
    assert os.sched_getaffinity(0) == every


def test_other_threads_make_room_and_come_back() -> None:
    """As those of the SSM that answers."""
    every, ended = os.sched_getaffinity(0), threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        with cores.left(1):
            during = os.sched_getaffinity(thread.native_id or 0)
        after = os.sched_getaffinity(thread.native_id or 0)
    finally:
        ended.set()
        thread.join()
    assert len(during) == max(1, len(every) - 1)
    assert after == every

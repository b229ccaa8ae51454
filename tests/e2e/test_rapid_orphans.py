"""No function outlives the test run that started it, however that run ends."""

import os
import select
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.rapid import processes

ROOT = Path(__file__).parents[2]
TEST_RUN = """\
import sys
from pathlib import Path
from tests.rapid.function import Function
with Function(package=Path(sys.argv[1])):
    print("the core runs", flush=True)
    sys.stdin.read()
"""


def ends(process: int) -> bool:
    """Wait until the process behind a descriptor has ended; False where it never does."""
    return select.select([process], [], [], PATIENCE) == ([process], [], [])


@pytest.mark.usefixtures("namespaces_granted")
def test_a_killed_test_run_takes_its_function_along(tmp_path: Path) -> None:
    """After SIGKILL, which leaves no time to clean up, `unshare` and the core end all the same."""
    with ExitStack() as stack:
        run = stack.enter_context(
            subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", TEST_RUN, str(tmp_path)],
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(tmp_path)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        )
        stack.callback(run.kill)
        assert run.stdout
        assert run.stdout.readline() == b"the core runs\n"
        function = [os.pidfd_open(pid) for pid in processes.descendants(run.pid)]
        for process in function:
            stack.callback(os.close, process)
        run.kill()
        assert [ends(process) for process in function] == [True, True]

"""Many processes that are started at one instant."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

# A shell that waits until its standard input ends, and then becomes the program.
_WAIT = 'read -r _; exec "$0" </dev/null'


class Processes:
    """Processes that wait for `start`, for the time of a `with` block.

    Args:
        executable: What each of them becomes.
        environments: The variables of each.
        log: Where what they print goes, all of it.
    """

    def __init__(
        self, executable: Path, environments: Iterable[Mapping[str, str]], log: Path
    ) -> None:
        self._command = ["/bin/sh", "-c", _WAIT, str(executable)]
        self._environments = environments
        self._log = log
        self._processes: list[subprocess.Popen[bytes]] = []
        self._shut: int | None = None  # the gate's other side; closed, it lets all go

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            gate, self._shut = os.pipe()
            stack.callback(os.close, gate)
            stack.callback(self._end)
            output = stack.enter_context(self._log.open("wb"))
            for environment in self._environments:
                self._processes.append(
                    subprocess.Popen(  # noqa: S603
                        self._command,
                        env=environment,
                        stdin=gate,
                        stdout=output,
                        stderr=subprocess.STDOUT,
                    )
                )
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self) -> float:
        """Let all go; the moment, in seconds of `time.monotonic`."""
        assert self._shut is not None
        now = time.monotonic()
        os.close(self._shut)
        self._shut = None
        return now

    def _end(self) -> None:
        if self._shut is not None:
            os.close(self._shut)
        for process in self._processes:
            process.send_signal(signal.SIGKILL)
        for process in self._processes:
            process.wait()

"""Processes that start one by one, print to one log and end together."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.patience import PATIENCE
from tests.rapid import processes
from tests.rapid.log import Log
from tests.rapid.sandbox import FunctionError


class ProcessGroup:
    """The processes of one execution environment.

    Args:
        place: Their working directory.
        greeting: The log's first line.
        on_exit: Called from a thread of its own when one of them ends that was not asked to.
    """

    def __init__(self, place: Path, greeting: str, on_exit: Callable[[], None]) -> None:
        self._place = place
        self._on_exit = on_exit
        self._processes: list[subprocess.Popen[bytes]] = []
        self._watchers: list[threading.Thread] = []
        self._dismissed = False
        reader, writer = os.pipe()
        self._writer: int | None = writer
        self.log = Log(os.fdopen(reader, "rb"))
        self._say(greeting)

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start one more process, as the leader of a session of its own."""
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=self._place,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=self._writer,
            stderr=self._writer,
            start_new_session=True,
        )
        watcher = threading.Thread(target=self._watch, args=(process,), daemon=True)
        self._processes.append(process)
        self._watchers.append(watcher)
        watcher.start()

    def pids(self) -> list[int]:
        """The pids of all that live, and of what they have started."""
        living = [process.pid for process in self._processes if process.returncode is None]
        return [pid for process in living for pid in (process, *processes.descendants(process))]

    def dismiss(self) -> None:
        """Say that from now on every process is expected to end."""
        self._dismissed = True

    def wait(self, seconds: float) -> bool:
        """Wait for all to end; say whether all did."""
        for watcher in self._watchers:
            watcher.join(seconds)
        return not any(watcher.is_alive() for watcher in self._watchers)

    def kill(self, first: int = 0) -> None:
        """Kill the living from number `first` on, with what they have started."""
        for process in self._processes[first:]:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill what is left, and wait until the log has ended.

        Raises:
            FunctionError: Something lives on.
        """
        self.dismiss()
        self.kill()
        self.wait(PATIENCE)
        if self._writer is not None:
            os.close(self._writer)
            self._writer = None
        if not self.log.wait_for_end(PATIENCE):
            raise FunctionError(f"something of the function outlived it\n{self.log.text}")

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        status = process.wait()
        if not self._dismissed:
            self._say(f"(fake Lambda) process {process.args!r} ended with {status}")
            self._on_exit()

    def _say(self, line: str) -> None:
        if self._writer is not None:
            os.write(self._writer, f"{line}\n".encode())

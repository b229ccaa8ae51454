"""The launcher as a process, with a fake interpreter in the real one's place."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from tests.patience import PATIENCE
from tests.rapid.log import Log
from tests.rapid.ports import ReservedPort

HANDED_OVER = {"LISTEN_FDS", "LISTEN_PID", "WARMKEY_REGISTERED_FD"}
"""The variables that say which sockets are open."""

MOMENTS = ("WARMKEY_BEGAN_AT", "WARMKEY_BOUND_AT", "WARMKEY_REGISTERING_AT")
"""The variables that say what was done when, in nanoseconds of the monotonic clock."""


class Launched:
    """The launcher, run until the interpreter has said what it inherited.

    Args:
        layer: A layer's tree with the launcher and the fake interpreter.
        environment: Its variables, and no others.
        arguments: What follows its name.
        executable: The launcher's path in that tree.
        name: Its first argument; the launcher's path unless told otherwise.
        prepare: Runs in the child first, such as to occupy a descriptor.
        descriptors: Those that the child keeps open.

    Attributes:
        pid: The process's number.
        arguments: The interpreter's arguments, the first one too.
        variables: Its environment.
        descriptors: Those beyond the standard streams: `listens ADDRESS`, `connected ADDRESS` or
            `file`.
    """

    def __init__(
        self,
        layer: Path,
        environment: Mapping[str, str],
        *arguments: str,
        executable: str = "extensions/warmkey",
        name: str | None = None,
        prepare: Callable[[], object] | None = None,
        descriptors: tuple[int, ...] = (),
    ) -> None:
        path = str(layer / executable)
        self._process = subprocess.Popen(  # noqa: S603 - our own launcher
            [name or path, *arguments],
            executable=path,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=descriptors,
            preexec_fn=prepare,
        )

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        self._log = Log(self._process.stdout)
        self._log.wait_for("^end$", PATIENCE)
        lines = [line.partition(" ") for line in self._log.text.splitlines()]
        self.pid = next(rest for kind, _, rest in lines if kind == "pid")
        self.arguments = [rest for kind, _, rest in lines if kind == "argument"]
        variables = [rest.partition("=") for kind, _, rest in lines if kind == "variable"]
        self.variables = {name: value for name, _, value in variables}
        descriptors = [rest.partition(" ") for kind, _, rest in lines if kind == "descriptor"]
        self.descriptors = {int(number): what for number, _, what in descriptors}
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._log.wait_for_end(PATIENCE)


def occupy(descriptor: int) -> Callable[[], object]:
    """Something to do in the child: open a file at this descriptor."""
    return lambda: os.dup2(0, descriptor)


def environment(api: str, port: ReservedPort | str) -> dict[str, str]:
    """What the launcher looks at."""
    number = port if isinstance(port, str) else str(port.number)
    return {"AWS_LAMBDA_RUNTIME_API": api, "WARMKEY_PORT": number}

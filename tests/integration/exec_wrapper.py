"""`/opt/warmkey-exec`, run as Lambda runs it: beside the daemon, with the function's variables."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.canary.watch import WATCH
from tests.patience import PATIENCE

_NUL = b"\0"

Argument = str | bytes | Path


class ExecWrapper:
    """The wrapper of a layer.

    Args:
        layer: The layer's tree.
        environment: The function's variables.
        command: The name of the wrapper in the layer, and arguments of its own; `warmkey-exec`
            unless told otherwise.
    """

    def __init__(self, layer: Path, environment: Mapping[str, str], *command: str) -> None:
        name, *arguments = command or ("warmkey-exec",)
        self.path = layer / name
        self._command: list[Argument] = [self.path, *arguments]
        self.environment = {"PATH": "/usr/bin:/bin", **environment}

    def run(
        self, *command: Argument, environment: Mapping[bytes, bytes] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command through it until it ends.

        Args:
            command: The command.
            environment: More variables, as bytes.
        """
        given = {name.encode(): value.encode() for name, value in self.environment.items()}
        done = subprocess.run(  # noqa: S603
            [*self._command, *command],
            env={**given, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        WATCH.note("what the exec wrapper said", done.stderr.decode("utf-8", "backslashreplace"))
        return done

    def start(self, *command: Argument) -> subprocess.Popen[bytes]:
        """Start a command through it, with its output in a pipe."""
        return subprocess.Popen(  # noqa: S603
            [*self._command, *command], env=self.environment, stdout=subprocess.PIPE
        )

    def variables(self, environment: Mapping[bytes, bytes] | None = None) -> dict[str, bytes]:
        """The variables that a program gets.

        Args:
            environment: More variables of the wrapper's own.

        Raises:
            AssertionError: It was not started.
        """
        done = self.run("env", "-0", environment=environment)
        assert done.returncode == 0, done.stderr
        pairs = (line.partition(b"=") for line in done.stdout.split(_NUL)[:-1])
        return {name.decode(): value for name, _, value in pairs}

    def refusal(self, *command: Argument) -> tuple[int, str]:
        """The exit code and the message of a command that is not run.

        Raises:
            AssertionError: Something was run.
        """
        done = self.run(*(command or ("echo", "run")))
        assert done.stdout == b""
        return done.returncode, done.stderr.decode()

"""`warmkey bench`, with a Lambda of its own, in this process or in another one."""

import os
import signal
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.closing import Closing
from tests.fakes.lambda_service import FakeLambda
from tests.fakes.operator import CANARY, FOREIGN, REGION
from tests.patience import PATIENCE
from warmkey.deploy.commands.group import warmkey

FEWEST = "6"
"""The fewest rounds that can be asked for."""

_PACKAGE = Path(__file__).parents[2] / "layer/python"
_PROGRAM = [sys.executable, "-m", "warmkey.deploy", "bench", "billing", "--yes", "--runs"]


class BenchCommand(Closing):
    """The command, for `with`: a function `billing` is there to be measured.

    Args:
        folder: Where it runs, which is made.

    Attributes:
        aws: Lambda.
        folder: Where it runs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.aws = FakeLambda()
        self.aws.add("billing", Environment={"Variables": {"PLAIN": CANARY}})
        self._environment = {
            "PATH": str(folder),  # without a browser, which takes its time to draw pictures
            "AWS_ENDPOINT_URL_LAMBDA": self.aws.url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "AKIAWARMKEYTESTS0000",
            "AWS_SECRET_ACCESS_KEY": CANARY,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def run(self, *arguments: str, runs: str = FEWEST, approve: bool = True) -> Result:
        """Measure `billing`, and make sure that no secret is shown."""
        asked = ["bench", "billing", "--runs", runs, *(["--yes"] if approve else []), *arguments]
        with pytest.MonkeyPatch.context() as environ:
            environ.chdir(self.folder)
            for name in [name for name in os.environ if name.startswith(FOREIGN)]:
                environ.delenv(name)
            result = CliRunner(env=self._environment).invoke(
                warmkey, asked, input="", catch_exceptions=False
            )
        assert CANARY not in result.output
        return result

    def interrupted(
        self, operation: str, *arguments: str, number: int = signal.SIGINT, times: int = 1
    ) -> tuple[int, str]:
        """Measure in a process of its own, which gets a signal when Lambda is asked something.

        Args:
            operation: What Lambda is asked, e.g. `create_function`; the answer comes after it.
            arguments: The command's.
            number: The signal.
            times: With how many of these questions it comes.

        Returns:
            Its exit code, and what it has said on standard error.
        """
        started: Future[subprocess.Popen[str]] = Future()
        for _ in range(times):
            self.aws.watch(operation, lambda: started.result(PATIENCE).send_signal(number))
        process = subprocess.Popen(  # noqa: S603 - the project's own command
            [*_PROGRAM, FEWEST, *arguments],
            cwd=self.folder,
            env={**self._environment, "PYTHONPATH": str(_PACKAGE)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.set_result(process)
        try:
            _, said = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
            process.wait()
        assert CANARY not in said
        return process.returncode, said

    def close(self) -> None:
        """Stop the fake AWS."""
        self.aws.close()

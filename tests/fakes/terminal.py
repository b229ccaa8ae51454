"""A terminal on which the command runs, beside an AWS on loopback."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.closing import Closing
from tests.fakes.moto_aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, MotoAws
from tests.patience import PATIENCE

_PACKAGE = Path(__file__).parents[2] / "layer/python"


class Terminal(Closing):
    """A program on a terminal of its own, and not on that of the tests' session, for `with`.

    Args:
        command: What starts it.
        environment: All of its variables.
    """

    def __init__(self, command: list[str], environment: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(  # noqa: S603 (the project's own command)
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = ""

    def answer(self, question: str, text: str) -> None:
        """Wait for a question, and type an answer."""
        self._read_until(question)
        os.write(self._ours, f"{text}\n".encode())

    def finish(self) -> int:
        """Read the rest, and wait for the exit code."""
        self._read_until(None)
        return self._process.wait(PATIENCE)

    def _read_until(self, text: str | None) -> None:
        already = len(self.shown)
        deadline = time.monotonic() + PATIENCE
        while text is None or text not in self.shown[already:]:
            left = deadline - time.monotonic()
            assert select.select([self._ours], [], [], max(left, 0))[0], self.shown
            try:
                part = os.read(self._ours, 4096).decode()
            except OSError:  # Linux says so when the program has closed its side
                part = ""
            if not part:
                assert text is None, self.shown
                return
            self.shown += part

    def close(self) -> None:
        """Kill it, and close the terminal."""
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


def warmkey(aws: MotoAws, *arguments: str) -> Terminal:
    """`warmkey` on a terminal, with some arguments, and with no variables but its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(_PACKAGE),
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    return Terminal([sys.executable, "-m", "warmkey.deploy", *arguments], environment)

"""`warmkey put` on a terminal: the value is asked for twice, and never shown."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.fakes.moto_aws import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, MotoAws
from tests.patience import PATIENCE

CANARY = "canary"
NAME = "/stripeSecretKey/live"
PACKAGE = Path(__file__).parents[3] / "layer/python"


class Terminal:
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

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


@pytest.fixture
def aws() -> Iterator[MotoAws]:
    """SSM, STS and the rest on loopback."""
    with MotoAws() as running:
        yield running


def terminal(aws: MotoAws, *arguments: str) -> Terminal:
    """`warmkey put` with some arguments."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PACKAGE),
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    command = [sys.executable, "-m", "warmkey.deploy", "put", NAME, "--region", REGION]
    return Terminal([*command, *arguments], environment)


def test_the_value_is_asked_for_twice_and_never_shown(aws: MotoAws) -> None:
    """After the account was, and before the change is approved."""
    with terminal(aws) as shown:
        shown.answer("Value: ", CANARY)
        assert f"{NAME} in account 123456789012" in shown.shown
        shown.answer("Again: ", CANARY)
        shown.answer("Make these changes? [y/N]: ", "y")
        assert shown.finish() == 0
        assert f"{NAME} is stored, as version 1" in shown.shown
        assert CANARY not in shown.shown
    ssm = aws.client("ssm")
    assert ssm.get_parameter(Name=NAME, WithDecryption=True)["Parameter"]["Value"] == CANARY
    ssm.close()


def test_a_slip_of_the_fingers_is_asked_for_again(aws: MotoAws) -> None:
    """Until both are the same; and `n` stores nothing."""
    with terminal(aws) as shown:
        shown.answer("Value: ", CANARY)
        shown.answer("Again: ", "canery")
        shown.answer("Value: ", CANARY)
        shown.answer("Again: ", CANARY)
        shown.answer("Make these changes? [y/N]: ", "n")
        assert shown.finish() == 1
        assert CANARY not in shown.shown
    ssm = aws.client("ssm")
    assert ssm.describe_parameters()["Parameters"] == []
    ssm.close()


def test_present_parameter_is_told_before_a_value_is_entered(aws: MotoAws) -> None:
    """A live key that was typed for nothing has been typed once too often."""
    aws.put_secure({NAME: "old"})
    with terminal(aws) as shown:
        shown.answer("is there already, as version 1; replace it? [y/N]: ", "n")
        assert shown.finish() == 1
        assert "Value" not in shown.shown
    with terminal(aws, "--yes") as shown:
        assert shown.finish() == 1
        assert "pass --overwrite" in shown.shown
        assert "Value" not in shown.shown
    with terminal(aws) as shown:
        shown.answer("replace it? [y/N]: ", "y")
        shown.answer("Value: ", CANARY)
        shown.answer("Again: ", CANARY)
        shown.answer("Make these changes? [y/N]: ", "y")
        assert shown.finish() == 0
        assert f"{NAME} is stored, as version 2" in shown.shown

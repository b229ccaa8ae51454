"""`warmkey put` and `get` on a terminal: the value is asked for twice, and shown only if asked."""

from collections.abc import Iterator

import pytest

from tests.fakes.moto_aws import REGION, MotoAws
from tests.fakes.terminal import Terminal, warmkey

CANARY = "canary"
NAME = "/stripeSecretKey/live"


@pytest.fixture
def aws() -> Iterator[MotoAws]:
    """SSM, STS and the rest on loopback."""
    with MotoAws() as running:
        yield running


def terminal(aws: MotoAws, *arguments: str) -> Terminal:
    """`warmkey put` with some arguments."""
    return warmkey(aws, "put", NAME, "--region", REGION, *arguments)


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


def test_a_value_is_shown_on_a_terminal_only_if_asked(aws: MotoAws) -> None:
    """It may keep what it has shown."""
    aws.put_secure({NAME: CANARY})
    with warmkey(aws, "get", NAME) as refused:
        assert refused.finish() == 2
        assert "pass --show if that is meant" in refused.shown
        assert CANARY not in refused.shown
    with warmkey(aws, "get", NAME, "--show") as shown:
        assert shown.finish() == 0
        assert shown.shown.endswith(f"{CANARY}\r\n")

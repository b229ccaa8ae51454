"""The command `warmkey` as a whole: what holds for each command below it."""

import click
import pytest

from tests.fakes.operator import Operator
from warmkey.deploy.commands.group import warmkey
from warmkey.extension import VERSION

COMMANDS = warmkey.list_commands(click.Context(warmkey))


def test_the_command_tells_its_version(operator: Operator) -> None:
    """Which is that of the layer that comes with it."""
    assert operator.run("--version").stdout == f"warmkey, version {VERSION}\n"


@pytest.mark.parametrize("short", ["-h", "--help"])
def test_the_help_has_a_line_for_each_command(operator: Operator, short: str) -> None:
    """In the order in which they are needed."""
    shown = operator.run(short).stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in shown] == COMMANDS
    assert {"publish", "attach", "detach", "status"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_dry_run(name: str) -> None:
    """Even one that changes nothing, so that a script may pass it to all."""
    command = warmkey.get_command(click.Context(warmkey), name)
    assert command is not None
    assert "--dry-run" in {option for each in command.params for option in each.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(operator: Operator, name: str) -> None:
    """A sentence, and a word on each option."""
    command = warmkey.get_command(click.Context(warmkey), name)
    assert command is not None
    assert command.get_short_help_str()
    assert all(each.help for each in command.params if isinstance(each, click.Option))
    assert operator.run(name, "-h").exit_code == 0


def test_an_unknown_command_is_refused(operator: Operator) -> None:
    """With the way to the known ones."""
    result = operator.run("destroy")
    assert result.exit_code == 2
    assert "No such command 'destroy'" in result.stderr


def test_a_refusal_by_aws_is_told_without_a_traceback(operator: Operator) -> None:
    """With what to do about it."""
    operator.deny("lambda.ListFunctions")
    result = operator.run("attach", "--prefix", "a")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: ListFunctions: AccessDeniedException: lambda.ListFunctions is not allowed; "
        "run this as somebody with that permission, or grant it\n"
    )


def test_a_profile_that_is_not_there_is_told(operator: Operator) -> None:
    """With the way to those that are."""
    result = operator.run("status", "--profile", "nobody")
    assert result.exit_code == 1
    assert "(nobody) could not be found; `aws configure list-profiles` shows" in result.stderr


def test_the_region_may_be_in_the_environment(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for AWS's own command line; boto3 does not read it."""
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    assert "no function in ap-south-1 matches" in operator.run("attach", "--prefix", "a").stderr
    named = operator.run("attach", "--prefix", "a", "--region", "us-east-1")
    assert "no function in us-east-1 matches" in named.stderr

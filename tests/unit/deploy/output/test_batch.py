"""Batches and rollouts: many things, a few at once, and what came of them."""

import io
import threading

import click
import pytest
from botocore.exceptions import ClientError
from rich.console import Console

from tests.patience import PATIENCE
from warmkey.deploy.output import batch
from warmkey.deploy.output.change import Change
from warmkey.deploy.output.failure import Failure
from warmkey.deploy.output.rollout import Plan, Rollout, finish

CHANGE = Change("thing", {}, {"a": "1"})


def paper(*, terminal: bool = False) -> Console:
    """Somewhere to print to."""
    return Console(file=io.StringIO(), force_terminal=terminal, width=80)


def printed(console: Console) -> str:
    """What was printed there."""
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def fail_on_b_and_c(thing: str) -> str:
    """Do it, but for b and c."""
    if thing == "b":
        raise Failure("b is bad", "mend it")
    if thing == "c":
        raise ClientError({"Error": {"Code": "Throttled", "Message": "Slowly."}}, "UpdateIt")
    return thing.upper()


def test_a_failure_keeps_nothing_else_from_being_done() -> None:
    """Each is told with what is wrong, in the order that was given."""
    came = batch.run("abcd", fail_on_b_and_c, None, doing="Doing", at_once=2)
    assert came.done == {"a": "A", "d": "D"}
    assert came.failed == {"b": "b is bad; mend it", "c": "UpdateIt: Throttled: Slowly"}


def test_a_mistake_in_the_code_is_not_swallowed() -> None:
    """Only what a failure or AWS says is one of these."""
    with pytest.raises(ZeroDivisionError):
        batch.run("a", lambda _: 1 / 0, None, doing="Doing", at_once=1)


def test_no_more_than_wanted_are_worked_on_at_once() -> None:
    """Lambda's quota is small; the barrier breaks unless two meet at it each time."""
    both = threading.Barrier(2, timeout=PATIENCE)
    inside: set[str] = set()
    most = []

    def work(thing: str) -> None:
        inside.add(thing)
        both.wait()
        most.append(len(inside))
        both.wait()
        inside.discard(thing)
        both.wait()

    assert not batch.run([*"abcdef"], work, None, doing="Doing", at_once=2).failed
    assert set(most) == {2}


def test_without_a_terminal_there_is_a_line_for_each() -> None:
    """So that a log of CI shows how far it came, and no control characters."""
    console = paper()
    batch.run("ab", str.upper, console, doing="Attaching", at_once=1)
    assert printed(console) == "Attaching a (1/2)\nAttaching b (2/2)\n"


def test_on_a_terminal_there_is_a_bar() -> None:
    """With a count."""
    console = paper(terminal=True)
    batch.run("ab", str.upper, console, doing="Attaching", at_once=1)
    assert "2/2" in printed(console)
    assert "\x1b[" in printed(console)


def roll_out(*, dry_run: bool = False, failing: str = "") -> tuple[bool, list[str], str]:
    """Roll out to a, which needs it, and b, which does not: whether it went well, what was done."""
    done: list[str] = []
    console = paper()

    def carry_out() -> None:
        if failing == "doing":
            raise Failure("no luck")
        done.append("a")

    def plan(thing: str) -> Plan:
        if failing == thing:
            raise Failure("no luck")
        return Plan((CHANGE,), carry_out) if thing == "a" else Plan((), carry_out)

    rollout = Rollout("Doing", "done", 2, dry_run, yes=True, shown_on=console)
    return rollout.run("ab", plan), done, printed(console)


def test_what_needs_no_change_is_left_alone() -> None:
    """And what does is shown and changed."""
    assert roll_out() == (True, ["a"], "thing\n  + a: 1\n")


def test_a_dry_run_changes_nothing() -> None:
    """It shows what would change."""
    shown = "thing\n  + a: 1\nnothing was changed: --dry-run\n"
    assert roll_out(dry_run=True) == (True, [], shown)


@pytest.mark.parametrize(("failing", "done"), [("b", ["a"]), ("a", []), ("doing", [])])
def test_any_failure_means_that_it_did_not_go_well(failing: str, done: list[str]) -> None:
    """While planning or while doing; the rest is done nevertheless."""
    went_well, made, _ = roll_out(failing=failing)
    assert (went_well, made) == (False, done)


def test_what_did_not_go_well_ends_with_1() -> None:
    """For scripts."""
    finish(went_well=True)
    with pytest.raises(click.exceptions.Exit) as ended:
        finish(went_well=False)
    assert ended.value.exit_code == 1

"""Batches and rollouts: many things, a few at once, and what came of them."""

import io
import signal
import threading

import click
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from rich.console import Console

from tests.patience import PATIENCE
from warmkey.deploy.output import batch
from warmkey.deploy.output.change import Change
from warmkey.deploy.output.failure import Failure
from warmkey.deploy.output.plan import Plan
from warmkey.deploy.output.rollout import Rollout, finish

CHANGE = Change("thing", {}, {"a": "1"})


def paper(*, terminal: bool = False) -> Console:
    """Somewhere to print to, whatever terminal the tests run in."""
    return Console(file=io.StringIO(), force_terminal=terminal, width=80, _environ={})


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


def test_a_batch_works_on_no_more_than_wanted_at_once() -> None:
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


def test_progress_without_a_terminal_is_a_line_for_each() -> None:
    """So that a log of CI shows how far it came, and no control characters."""
    console = paper()
    batch.run("ab", str.upper, console, doing="Attaching", at_once=1)
    assert printed(console) == "Attaching a (1/2)\nAttaching b (2/2)\n"


def test_progress_bar_is_shown_on_a_terminal() -> None:
    """With a count."""
    console = paper(terminal=True)
    batch.run("ab", str.upper, console, doing="Attaching", at_once=1)
    assert "2/2" in printed(console)
    assert "\x1b[" in printed(console)


def interrupt() -> None:
    """What the terminal does at Ctrl-C, from a thread that works."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def test_interrupted_batch_tells_what_was_done_and_what_was_not() -> None:
    """What is under way ends; Ctrl-C comes while the second of four is."""

    def work(thing: str) -> str:
        if thing == "b":
            interrupt()
        return thing.upper()

    came = batch.run("abcd", work, None, doing="Doing", at_once=1)
    assert came.done == {"a": "A", "b": "B"}
    assert (came.left, came.stopped, came.exit_code) == (("c", "d"), batch.INTERRUPTED, 130)


class Impatient(io.StringIO):
    """Standard error of somebody who presses Ctrl-C twice as soon as anything is written."""

    def write(self, text: str) -> int:
        """Interrupt, in the main thread."""
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        return len(text)


def test_second_interruption_is_raised() -> None:
    """Whoever asks twice knows what that means."""
    console = Console(file=Impatient())
    with pytest.raises(KeyboardInterrupt):
        batch.run("ab", str.upper, console, doing="Doing", at_once=1)


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException"])
def test_expired_credentials_stop_a_batch(code: str) -> None:
    """Each other call would fail like the first, and take its time about it."""

    def work(thing: str) -> str:
        if thing == "b":
            raise ClientError({"Error": {"Code": code, "Message": "too old"}}, "UpdateIt")
        return thing

    came = batch.run("abcd", work, None, doing="Doing", at_once=1)
    assert (came.done, [*came.failed], came.left) == ({"a": "a"}, ["b"], ("c", "d"))
    assert (came.stopped, came.exit_code) == (came.failed["b"], 1)


@pytest.mark.parametrize(("same_place", "left"), [(True, ("b",)), (False, ())])
def test_lost_connection_stops_what_goes_to_the_same_region(
    left: tuple[str, ...], *, same_place: bool
) -> None:
    """Another region's endpoint may well answer."""

    def work(thing: str) -> str:
        if thing == "a":
            raise EndpointConnectionError(endpoint_url="https://lambda.eu-west-1.amazonaws.com")
        return thing

    came = batch.run("ab", work, None, doing="Doing", at_once=1, same_place=same_place)
    assert (came.left, bool(came.stopped)) == (left, same_place)


def roll_out(*, dry_run: bool = False, failing: str = "") -> tuple[int, list[str], str]:
    """Roll out to a, which needs it, and b, which does not: the exit code, what was done."""
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
    return rollout.run("ab", plan).exit_code, done, printed(console)


def test_a_rollout_leaves_alone_what_needs_no_change() -> None:
    """And what does is shown and changed."""
    assert roll_out() == (0, ["a"], "thing\n  + a: 1\n")


def test_a_dry_run_changes_nothing() -> None:
    """It shows what would change."""
    shown = "thing\n  + a: 1\nnothing was changed: --dry-run\n"
    assert roll_out(dry_run=True) == (0, [], shown)


@pytest.mark.parametrize(("failing", "done"), [("b", ["a"]), ("a", []), ("doing", [])])
def test_any_failure_means_that_it_did_not_go_well(failing: str, done: list[str]) -> None:
    """While planning or while doing; the rest is done nevertheless."""
    code, made, _ = roll_out(failing=failing)
    assert (code, made) == (1, done)


def test_a_command_that_did_not_go_well_ends_with_1() -> None:
    """For scripts."""
    finish(went_well=True)
    with pytest.raises(click.exceptions.Exit) as ended:
        finish(went_well=False)
    assert ended.value.exit_code == 1


def test_interrupted_rollout_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    """What was done, what was not, and that doing it again is safe."""

    def plan(thing: str) -> Plan:
        def carry_out() -> None:
            if thing == "a":
                interrupt()

        return Plan((CHANGE,), carry_out)

    rollout = Rollout("Doing", "done", 1, dry_run=False, yes=True, shown_on=paper())
    assert rollout.run("abc", plan).exit_code == 130
    told = capsys.readouterr().err
    assert "interrupted; not begun: b, c; run this again to go on" in told
    assert told.endswith("1 done, 2 not begun\n")


def test_failures_of_one_reason_take_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A hundred functions of one role fail for one reason."""

    def plan(thing: str) -> Plan:
        raise Failure("no luck" if thing in "ab" else "worse")

    assert Rollout("Doing", "done", 1, dry_run=False, yes=True).run("abc", plan).exit_code == 1
    assert capsys.readouterr().err == "a, b: no luck\nc: worse\n"

"""Waves of a rollout."""

from collections.abc import Sequence

import pytest
from botocore.exceptions import ClientError

from warmkey.deploy.output.batch import INTERRUPTED, Batch
from warmkey.deploy.output.failure import Failure
from warmkey.deploy.output.waves import Waves


def succeed(things: Sequence[str]) -> Batch[None]:
    """Do what is asked."""
    return Batch(dict.fromkeys(things), {})


def test_a_rollout_without_waves_is_one() -> None:
    """However many things there are; also none."""
    waves: list[Sequence[str]] = []

    def note(things: Sequence[str]) -> Batch[None]:
        waves.append(things)
        return succeed(things)

    Waves().run("abc", note)
    Waves().run("", note)
    assert waves == ["abc"]


def test_a_pause_lies_between_waves() -> None:
    """Neither before the first nor after the last."""
    events: list[object] = []

    def note(things: Sequence[str]) -> Batch[None]:
        events.append(things)
        return succeed(things)

    made = Waves(2, 7.0, sleep=events.append).run("abcde", note)
    assert events == ["ab", 7.0, "cd", 7.0, "e"]
    assert (list(made.done), made.left) == (list("abcde"), ())


def test_an_interrupted_pause_ends_the_rollout() -> None:
    """What is done is told, and what is left."""

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    made = Waves(1, 7.0, sleep=interrupt).run("abc", succeed)
    assert (list(made.done), made.left, made.stopped) == (["a"], ("b", "c"), INTERRUPTED)
    assert made.exit_code == 130


def test_a_batch_that_stops_ends_the_waves() -> None:
    """Its reason stays, and what it left comes first."""

    def stop(things: Sequence[str]) -> Batch[None]:
        return Batch({things[0]: None}, {}, tuple(things[1:]), "expired")

    made = Waves(2).run("abcd", stop)
    assert (list(made.done), made.left, made.stopped) == (["a"], ("b", "c", "d"), "expired")


def test_too_many_failures_halt_the_waves() -> None:
    """As many as are allowed, or more, of all waves together."""

    def fail_half(things: Sequence[str]) -> Batch[None]:
        return Batch({things[0]: None}, {things[1]: "no"})

    made = Waves(2, most_failures=2).run("abcdef", fail_half)
    assert made.halted == "2 failed, and --stop-after is 2"
    assert (list(made.done), list(made.failed), made.left) == (["a", "c"], ["b", "d"], ("e", "f"))
    assert made.exit_code == 1


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ExpiredToken", "Message": "too late"}}, "DescribeAlarms"),
        Failure("too late"),
    ],
)
def test_a_question_that_fails_halts_the_waves(error: Exception) -> None:
    """What was done is still told, and what functions share is still put in order."""
    asked: list[str] = []

    def wrong() -> str:
        asked.append("")
        if len(asked) > 1:
            raise error
        return ""

    made = Waves(1, wrong=wrong).run("abc", succeed)
    assert (list(made.done), made.left, "too late" in made.halted) == (["a"], ("b", "c"), True)

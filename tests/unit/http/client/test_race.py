"""Happy Eyeballs (RFC 8305): who begins when, who wins, and what becomes of the others."""

import select
from collections.abc import Collection

import pytest

from extension.http.client.channel import Task, Wait
from extension.http.client.race import DELAY, first_to_succeed

NOW = 1000.0
REFUSED = ConnectionRefusedError("refused")


class Attempt:
    """An attempt that waits for a descriptor of its own, a number, and then succeeds or fails.

    Args:
        descriptor: The number.
        failure: What it fails with, once it is ready; None where it succeeds.

    Attributes:
        state: `waiting`, `closed`, or empty before it begins and after its end.
    """

    def __init__(self, descriptor: int, failure: OSError | None = None) -> None:
        self._descriptor = descriptor
        self._failure = failure
        self.state = ""

    def steps(self) -> Task[int]:
        """Its steps; it returns its number."""
        self.state = "waiting"
        try:
            yield Wait({self._descriptor: select.POLLOUT})
        except GeneratorExit:
            self.state = "closed"
            raise
        self.state = ""
        if self._failure is not None:
            raise self._failure
        return self._descriptor


class Race:
    """A race of attempts, whose time and descriptors a test moves on."""

    def __init__(self, *attempts: Attempt) -> None:
        self.now = NOW
        self.attempts = attempts
        self.winner: int | None = None
        self._task = first_to_succeed((each.steps() for each in attempts), lambda: self.now)
        self.wait = next(self._task)

    @property
    def states(self) -> list[str]:
        """The state of each attempt."""
        return [each.state for each in self.attempts]

    def pass_time(self, seconds: float) -> None:
        """Nothing becomes ready for so long."""
        self.now += seconds
        self._go_on(())

    def ready(self, *descriptors: int) -> None:
        """Descriptors become ready now."""
        self._go_on(descriptors)

    def close(self) -> None:
        """Nobody waits for the race any more."""
        self._task.close()

    def _go_on(self, ready: Collection[int]) -> None:
        try:
            self.wait = self._task.send(ready)
        except StopIteration as end:
            self.winner = end.value


def test_one_attempt_begins_at_first() -> None:
    """The next waits for a quarter of a second, and so does who runs the steps."""
    race = Race(Attempt(1), Attempt(2))
    assert race.states == ["waiting", ""]
    assert race.wait == Wait({1: select.POLLOUT}, NOW + DELAY)


def test_the_first_attempt_wins_where_it_is_in_time() -> None:
    """The second is never begun."""
    race = Race(Attempt(1), Attempt(2))
    race.ready(1)
    assert (race.winner, race.states) == (1, ["", ""])


def test_a_silent_attempt_is_joined_by_the_next_after_the_delay() -> None:
    """And both are waited for, until the third's turn."""
    race = Race(Attempt(1), Attempt(2), Attempt(3))
    race.pass_time(DELAY)
    assert race.states == ["waiting", "waiting", ""]
    assert race.wait == Wait({1: select.POLLOUT, 2: select.POLLOUT}, NOW + 2 * DELAY)


def test_being_woken_too_early_begins_nothing() -> None:
    """By a clock that is a little behind."""
    race = Race(Attempt(1), Attempt(2))
    race.pass_time(DELAY / 2)
    assert race.states == ["waiting", ""]
    assert race.wait.until == NOW + DELAY


@pytest.mark.parametrize("winner", [1, 2])
def test_the_task_that_is_ready_first_wins_and_the_other_is_closed(winner: int) -> None:
    """The earlier one, too, though the later has begun."""
    race = Race(Attempt(1), Attempt(2))
    race.pass_time(DELAY)
    race.ready(winner)
    assert race.winner == winner
    assert sorted(race.states) == ["", "closed"]


def test_the_earlier_of_two_that_are_ready_at_once_wins() -> None:
    """It is the one that was preferred."""
    race = Race(Attempt(1), Attempt(2))
    race.pass_time(DELAY)
    race.ready(2, 1)
    assert race.winner == 1


def test_a_failed_attempt_makes_way_at_once() -> None:
    """And the next one's delay begins anew."""
    race = Race(Attempt(1, REFUSED), Attempt(2), Attempt(3))
    race.now += DELAY / 2
    race.ready(1)
    assert race.states == ["", "waiting", ""]
    assert race.wait.until == NOW + 1.5 * DELAY


def test_the_last_attempts_are_waited_for_without_end() -> None:
    """Who runs the steps has a deadline."""
    race = Race(Attempt(1), Attempt(2))
    race.pass_time(DELAY)
    race.pass_time(DELAY)
    assert race.wait == Wait({1: select.POLLOUT, 2: select.POLLOUT})
    race.pass_time(3600)
    race.ready(2)
    assert race.winner == 2


def test_an_attempt_may_fail_while_another_goes_on() -> None:
    """It is no longer waited for."""
    race = Race(Attempt(1, REFUSED), Attempt(2))
    race.pass_time(DELAY)
    race.ready(1)
    assert race.wait == Wait({2: select.POLLOUT})
    race.ready(2)
    assert race.winner == 2


def test_first_failure_is_raised_where_all_fail() -> None:
    """It is that of the attempt that was preferred."""
    race = Race(Attempt(1, REFUSED), Attempt(2, OSError("no route")))
    race.ready(1)
    with pytest.raises(ConnectionRefusedError):
        race.ready(2)


def test_an_error_that_concerns_all_ends_the_race() -> None:
    """Such as certificates that can't be read."""

    def unfit() -> Task[int]:
        yield Wait({2: select.POLLOUT})
        raise ValueError

    silent, now = Attempt(1), [NOW]
    task = first_to_succeed(iter((silent.steps(), unfit())), lambda: now[0])
    next(task)
    now[0] += DELAY
    task.send(())
    with pytest.raises(ValueError, match=r"^$"):
        task.send((2,))
    assert silent.state == "closed"


def test_a_race_that_nobody_waits_for_closes_its_attempts() -> None:
    """Each has a socket."""
    race = Race(Attempt(1), Attempt(2), Attempt(3))
    race.pass_time(DELAY)
    race.close()
    assert race.states == ["closed", "closed", ""]

"""Fetching, and the time it takes: how many attempts there are, and what is waited between them."""

import pytest

from extension.aws.fetcher import BRIEF_ATTEMPTS, PATIENT_ATTEMPTS
from extension.http.failure import Failed, Kind, UpstreamError
from extension.http.messages import Response
from extension.sources.parameter import Parameter
from extension.sources.source import Source
from tests.fakes.aws_answers import item, ok
from tests.fakes.scripted_caller import Scripted, Waits, error

A = Parameter("/a")
THROTTLED = error("ThrottlingException", "Rate exceeded")
ONE = ok({"Parameter": item(Value="one")})
HOUR = 3600
TIMEOUT = 2.0
"""Seconds that one attempt may take."""


class HandTime(Waits):
    """Time that passes as a test says, and chance that is always the same.

    Args:
        chance: From 0 to 1.

    Attributes:
        seconds: The time.
        slept: What was waited, in turn.
    """

    def __init__(self, chance: float = 0.0) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self._chance = chance

    def now(self) -> float:
        """The time, in seconds."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Let it pass, and note it."""
        self.slept.append(seconds)
        self.seconds += seconds

    def chance(self) -> float:
        """What the test says."""
        return self._chance


def failure(world: Scripted, patience: int = PATIENT_ATTEMPTS) -> str:
    """The kind of the failure that a fetch ends with."""
    outcome = world.fetch((A,), patience)[A]
    assert isinstance(outcome, Failed)
    return outcome.kind


@pytest.mark.parametrize(
    ("attempts", "deadlines"),
    [(PATIENT_ATTEMPTS, [2.0, 4.0, 6.0, 8.0, 10.0]), (BRIEF_ATTEMPTS, [2.0])],
)
def test_attempts_that_time_out_are_five_or_one(attempts: int, deadlines: list[float]) -> None:
    """Each of them has its whole time."""

    def never() -> Response:
        time.seconds = world.caller.deadlines[-1]
        raise UpstreamError(Failed(Kind.TIMEOUT, "no answer"))

    time = HandTime()
    world = Scripted(never, timeout=TIMEOUT, waits=time)
    assert failure(world, attempts) == "timeout"
    assert world.caller.deadlines == deadlines


@pytest.mark.parametrize("chance", [0.5, 1.0])
def test_waits_grow_up_to_three_seconds_and_chance_shortens_them(chance: float) -> None:
    """Until there is no time for another."""
    time = HandTime(chance)
    world = Scripted(THROTTLED, timeout=TIMEOUT, waits=time)
    assert failure(world) == "throttled"
    longest = [0.1, 0.4, 1.6, *[3.0] * 10]
    assert time.slept == pytest.approx([chance * each for each in longest][: len(time.slept)])
    assert 10.0 - 3.0 <= time.seconds < 10.0


def test_a_name_that_fails_rests_before_it_is_tried_again_for_another_reader() -> None:
    """Half of an attempt's time at most, so a brief fetch makes a call as well."""
    time = HandTime(1.0)
    world = Scripted(THROTTLED, timeout=TIMEOUT, waits=time)
    failure(world)
    calls = len(world.actions)
    time.slept.clear()
    failure(world, BRIEF_ATTEMPTS)
    assert time.slept[0] == TIMEOUT / 2
    assert len(world.actions) == calls + 1


def test_a_name_that_works_again_does_not_rest() -> None:
    """Its first failure after that is its first."""
    time = HandTime(1.0)
    world = Scripted(THROTTLED, THROTTLED, ONE, ONE, THROTTLED, ONE, timeout=TIMEOUT, waits=time)
    for _ in range(3):
        assert not isinstance(world.fetch((A,))[A], Failed)
    assert time.slept == pytest.approx([0.1, 0.4, 0.1])


def test_an_outage_is_met_with_no_more_retries_than_the_quota_has() -> None:
    """Then each fetch makes one call; declared secrets have the rest of it."""
    names = [Parameter(f"/{number}") for number in range(100)]
    world = Scripted(THROTTLED, timeout=TIMEOUT, waits=HandTime(0.5))
    for name in names:
        assert isinstance(world.fetch((name,))[name], Failed)
    assert len(world.actions) == 100 + 50
    declared = Scripted(THROTTLED, timeout=TIMEOUT, waits=HandTime(0.5), declared={*names})
    for name in names:
        declared.fetch((name,))
    assert len(declared.actions) == 100 + 100


def test_the_first_failure_is_logged_when_it_happens() -> None:
    """Once for a name, where it is tried again: not when the patience ends."""
    world = Scripted(THROTTLED, timeout=TIMEOUT, waits=HandTime(0.5))
    for _ in range(2):
        failure(world)
    (line,) = world.logged("INFO")
    assert line["reason"] == "ThrottlingException: Rate exceeded"
    assert line["action"] == "GetParameter"
    assert line["names"] == ["/a"]


def test_an_attempt_that_a_worker_cuts_short_is_made_again_at_no_cost() -> None:
    """With all of its time; others came first, so it draws nothing on the quota."""

    def never() -> Response:
        time.seconds = world.caller.deadlines[-1]
        raise UpstreamError(Failed(Kind.TIMEOUT, "no answer"))

    time = HandTime()
    world = Scripted(never, timeout=TIMEOUT, waits=time)
    world.fetcher._quota._left = 0
    world.cut_short = {1}
    assert failure(world) == "timeout"
    assert world.caller.deadlines == [TIMEOUT / 4, TIMEOUT / 4 + TIMEOUT]


def test_an_attempt_that_gets_no_turn_says_so() -> None:
    """Or what has failed before, which tells more."""
    world = Scripted(THROTTLED, timeout=TIMEOUT, waits=HandTime())
    world.no_turn = {1, 3}
    assert failure(world) == "timeout"
    assert failure(world) == "throttled"
    assert len(world.actions) == 1


def test_a_wait_for_a_worker_costs_only_what_is_not_declared_time() -> None:
    """As a prefetch of thousands may last longer than the patience with each."""
    time = HandTime()
    for declared, kind in (({A}, None), (set[Source](), "throttled")):
        world = Scripted(THROTTLED, ONE, timeout=TIMEOUT, waits=time, declared=declared)
        world.queueing = PATIENT_ATTEMPTS * TIMEOUT * 0.75
        outcome = world.fetch((A,))[A]
        assert (outcome.kind if isinstance(outcome, Failed) else None) == kind


def test_a_freeze_within_an_attempt_costs_no_more_than_the_attempt() -> None:
    """Four of them leave the time for a fifth."""

    def frozen() -> Response:
        time.seconds += HOUR
        raise UpstreamError(Failed(Kind.UNREACHABLE, "the connection is gone"))

    time = HandTime()
    world = Scripted(*[frozen] * 4, ONE, timeout=TIMEOUT, waits=time)
    assert not isinstance(world.fetch((A,))[A], Failed)


def test_a_freeze_between_two_attempts_costs_no_time() -> None:
    """However many there are."""

    class Frozen(HandTime):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds + HOUR)

    world = Scripted(*[THROTTLED] * 9, ONE, timeout=TIMEOUT, waits=Frozen())
    assert not isinstance(world.fetch((A,), BRIEF_ATTEMPTS)[A], Failed)


def test_an_answer_through_a_freeze_is_late_where_there_is_no_time_for_another() -> None:
    """By its kind, which readers are told."""

    def frozen() -> Response:
        world.now += HOUR
        time.seconds = world.caller.deadlines[-1]
        return ONE

    time = HandTime()
    world = Scripted(frozen, timeout=TIMEOUT, waits=time)
    assert failure(world, BRIEF_ATTEMPTS) == "timeout"
    assert world.caller.resets == 1

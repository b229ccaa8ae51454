"""Fetching, and the time it takes: how many attempts there are, and what is waited between them."""

import pytest

from extension.aws.fetcher import BRIEF, PATIENT, Waits
from extension.http.failure import Failed, Kind, UpstreamError
from extension.http.messages import Response
from extension.sources.parameter import Parameter
from tests.unit.aws_answers import item, ok
from tests.unit.scripted_caller import Scripted, error

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


def failure(world: Scripted, patience: int = PATIENT) -> str:
    """The kind of the failure that a fetch ends with."""
    outcome = world.fetcher.fetch((A,), patience)[A]
    assert isinstance(outcome, Failed)
    return outcome.kind


@pytest.mark.parametrize(
    ("patience", "deadlines"), [(PATIENT, [2.0, 4.0, 6.0, 8.0, 10.0]), (BRIEF, [2.0])]
)
def test_attempts_that_time_out_are_five_or_one(patience: int, deadlines: list[float]) -> None:
    """Each of them has its whole time."""

    def never() -> Response:
        time.seconds = world.caller.deadlines[-1]
        raise UpstreamError(Failed(Kind.TIMEOUT, "no answer"))

    time = HandTime()
    world = Scripted(never, timeout=TIMEOUT, waits=time)
    assert failure(world, patience) == "timeout"
    assert world.caller.deadlines == deadlines


@pytest.mark.parametrize("chance", [0.5, 1.0])
def test_waits_double_up_to_two_seconds_and_chance_shortens_them(chance: float) -> None:
    """Until there is no time for another."""
    time = HandTime(chance)
    world = Scripted(THROTTLED, timeout=TIMEOUT, waits=time)
    assert failure(world) == "throttled"
    longest = [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    assert time.slept[: len(longest)] == [chance * each for each in longest][: len(time.slept)]
    assert 10.0 - 2.0 <= time.seconds < 10.0


def test_a_freeze_within_an_attempt_costs_no_more_than_the_attempt() -> None:
    """Four of them leave the time for a fifth."""

    def frozen() -> Response:
        time.seconds += HOUR
        raise UpstreamError(Failed(Kind.UNREACHABLE, "the connection is gone"))

    time = HandTime()
    world = Scripted(*[frozen] * 4, ONE, timeout=TIMEOUT, waits=time)
    assert not isinstance(world.fetcher.fetch((A,))[A], Failed)


def test_a_freeze_between_two_attempts_costs_no_time() -> None:
    """However many there are."""

    class Frozen(HandTime):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds + HOUR)

    world = Scripted(*[THROTTLED] * 9, ONE, timeout=TIMEOUT, waits=Frozen())
    assert not isinstance(world.fetcher.fetch((A,), BRIEF)[A], Failed)


def test_an_answer_through_a_freeze_is_late_where_there_is_no_time_for_another() -> None:
    """By its kind, which readers are told."""

    def frozen() -> Response:
        world.now += HOUR
        time.seconds = world.caller.deadlines[-1]
        return ONE

    time = HandTime()
    world = Scripted(frozen, timeout=TIMEOUT, waits=time)
    assert failure(world, BRIEF) == "timeout"
    assert world.caller.abandoned == 1

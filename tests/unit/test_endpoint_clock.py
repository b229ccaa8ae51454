"""The endpoint as the clock jumps: on over a freeze or a restore, back when it is set."""

import pytest

from extension.declarations import Declarations
from extension.endpoint import Endpoint
from extension.loop import Timer
from extension.outcome import Failed
from extension.reference import Parameter, Reference
from tests.unit.heads import TOKEN, head
from tests.unit.supplied import STALE, TTL, Supplied, value

A = Parameter("/a")
READ = head("/v1/secrets/A")
HOUR = 3600


class Reader:
    """An endpoint that declares `/a` as A, and what it has answered.

    Attributes:
        world: The time, and what is being fetched.
    """

    def __init__(self) -> None:
        self.world = Supplied()
        self.world.hold(A, value("one"))
        self._answers: list[bytes] = []
        self._endpoint = Endpoint(
            Declarations("", {"A": Reference(A)}),
            declared_only=False,
            supply=self.world.supply,
            tokens=lambda: [TOKEN],
            status=lambda _: None,
            on_read=lambda: None,
            on_fault=_rethrow,
            budget=10.0,
            call_later=Timer,
            clock=lambda: self.world.now,
        )

    def read(self) -> bytes | None:
        """What a read is answered at once; None where it must wait."""
        self._endpoint.answer(READ, lambda data, _: self._answers.append(data))
        return self.answered()

    def answered(self) -> bytes | None:
        """The next answer that was given; None where there is none."""
        return self._answers.pop() if self._answers else None


def _rethrow(error: Exception) -> None:
    raise error


@pytest.fixture
def reader() -> Reader:
    """One that has just read a fresh value, so that the answer may be kept."""
    reader = Reader()
    answer = reader.read()
    assert answer is not None
    assert answer.endswith(b"one")
    return reader


@pytest.mark.parametrize("hours", [1, 24, 24 * 365])
def test_after_hours_of_standing_still_a_read_waits_for_the_new_value(
    reader: Reader, hours: int
) -> None:
    """Though not a moment has passed for the process, and it had answered the same question."""
    reader.world.now += hours * HOUR
    assert reader.read() is None
    reader.world.deliver(value("two"))
    answer = reader.answered()
    assert answer is not None
    assert answer.endswith(b"two")
    assert b"\r\nAge: 0\r\n" in answer


def test_after_a_short_freeze_the_value_is_as_old_as_the_clock_says(reader: Reader) -> None:
    """Age and the rest of its time count the freeze."""
    reader.world.now += 100
    answer = reader.read()
    assert answer is not None
    assert b"\r\nAge: 100\r\n" in answer
    assert f"max-age={TTL - 100}\r\n".encode() in answer


def test_a_freeze_counts_towards_the_time_for_which_a_stale_value_serves(reader: Reader) -> None:
    """What was fetched before a long one is not served because upstream fails after it."""
    reader.world.now += TTL + STALE
    assert reader.read() is None
    reader.world.deliver(Failed("unreachable", "nobody is there"))
    answer = reader.answered()
    assert answer is not None
    assert answer.startswith(b"HTTP/1.1 502 ")


@pytest.mark.parametrize("hours", [1, 24 * 365])
def test_a_clock_that_is_set_back_makes_a_value_no_younger_than_new(
    reader: Reader, hours: int
) -> None:
    """It is served, with age zero and the whole of its TTL."""
    reader.world.now -= hours * HOUR
    answer = reader.read()
    assert answer is not None
    assert answer.endswith(b"one")
    assert b"\r\nAge: 0\r\n" in answer
    assert f"max-age={TTL}\r\n".encode() in answer

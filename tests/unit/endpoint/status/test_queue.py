"""The queue of those who ask for the status: who is told what, and when."""

from collections.abc import Callable, Generator

import pytest

from extension.endpoint.status.queue import StatusQueue


class Queue(StatusQueue):
    """A queue whose time passes when a test says so.

    Attributes:
        steps: How many steps a report takes.
        faults: What the next reports fail with.
        begun: How many reports were begun; each tells its number.
        told: What those who asked were told, with their names.
    """

    def __init__(self, steps: int = 0) -> None:
        super().__init__(self._begin, self._call_later)
        self.steps = steps
        self.faults: list[Exception] = []
        self.begun = 0
        self.told: list[tuple[str, str | Exception]] = []
        self._later: list[Callable[[], None]] = []

    def enter(self, *names: str) -> None:
        """Have somebody ask."""
        for name in names:
            self.ask(lambda report, name=name: self.told.append((name, report)))  # type: ignore[misc]

    def turn(self) -> bool:
        """Let a moment pass; say whether anything happened."""
        later, self._later = self._later, []
        for callback in later:
            callback()
        return bool(later)

    def settle(self) -> None:
        """Let time pass until nothing is left to do."""
        while self.turn():
            pass

    def _begin(self) -> Generator[None, None, str]:
        self.begun += 1
        number = self.begun
        for _ in range(self.steps):
            yield
        if self.faults:
            raise self.faults.pop()
        return f"report {number}"

    def _call_later(self, seconds: float, callback: Callable[[], None]) -> None:
        assert seconds > 0, "the loop would turn for nobody else"
        self._later.append(callback)


def test_a_report_without_steps_is_told_at_once() -> None:
    """And nothing is left to do."""
    queue = Queue()
    queue.enter("A")
    assert queue.told == [("A", "report 1")]
    assert not queue.turn()


def test_others_have_their_turn_after_each_step() -> None:
    """And then the report is told."""
    queue = Queue(steps=3)
    queue.enter("A")
    for _ in range(3):
        assert queue.told == []
        assert queue.turn()
    assert queue.told == [("A", "report 1")]


def test_a_client_that_asks_meanwhile_hears_the_next_report() -> None:
    """Which is no older than the question; all who have asked hear the same."""
    queue = Queue(steps=3)
    queue.enter("A")
    queue.turn()
    queue.enter("B", "C")
    assert queue.begun == 1
    queue.settle()
    assert queue.told == [("A", "report 1"), ("B", "report 2"), ("C", "report 2")]


def test_others_have_their_turn_between_two_who_are_told() -> None:
    """A long report takes its time to send, too."""
    queue = Queue(steps=1)
    queue.enter("A")
    queue.enter("B", "C")
    told = []
    while queue.turn():
        told.append(len(queue.told))
    assert told == [1, 2, 3]


@pytest.mark.parametrize("steps", [0, 1])
def test_a_report_that_fails_is_told_as_such(steps: int) -> None:
    """To those who wait for it; who asks afterwards hears a report."""
    queue = Queue(steps)
    queue.faults.append(fault := MemoryError())
    queue.enter("A")
    queue.settle()
    queue.enter("B")
    queue.settle()
    assert queue.told == [("A", fault), ("B", "report 2")]

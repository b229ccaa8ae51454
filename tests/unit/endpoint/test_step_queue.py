"""The queue of long work: what is done when."""

from collections.abc import Callable, Iterator

from extension.endpoint.step_queue import StepQueue


class Queue(StepQueue):
    """A queue whose time passes when a test says so.

    Attributes:
        done: Which steps were done, in order.
    """

    def __init__(self) -> None:
        super().__init__(self._call_later)
        self.done: list[str] = []
        self._later: list[Callable[[], None]] = []

    def want(self, name: str, steps: int) -> None:
        """Add work of so many steps."""
        self.add(self._work(name, steps))

    def turn(self) -> bool:
        """Let a moment pass; say whether anything happened."""
        later, self._later = self._later, []
        for callback in later:
            callback()
        return bool(later)

    def _work(self, name: str, steps: int) -> Iterator[None]:
        for number in range(steps):
            if number:
                yield
            self.done.append(f"{name}{number}")

    def _call_later(self, seconds: float, callback: Callable[[], None]) -> None:
        assert seconds > 0, "the loop would turn for nobody else"
        self._later.append(callback)


def test_work_of_one_step_is_done_at_once() -> None:
    """And nothing is left to do."""
    queue = Queue()
    queue.want("A", 1)
    assert queue.done == ["A0"]
    assert not queue.turn()


def test_one_step_is_done_at_a_time() -> None:
    """Between two, others have their turn."""
    queue = Queue()
    queue.want("A", 3)
    for number in range(1, 3):
        assert len(queue.done) == number
        assert queue.turn()
    assert queue.done == ["A0", "A1", "A2"]


def test_works_are_done_one_after_the_other() -> None:
    """So that many take no more of the loop than one."""
    queue = Queue()
    queue.want("A", 2)
    queue.want("B", 1)
    queue.want("C", 2)
    while queue.turn():
        pass
    assert queue.done == ["A0", "A1", "B0", "C0", "C1"]


def test_work_that_is_added_by_work_comes_after_it() -> None:
    """As where what was gathered is then told."""
    queue = Queue()

    def gather() -> Iterator[None]:
        queue.want("B", 1)
        yield
        queue.done.append("A")

    queue.add(gather())
    while queue.turn():
        pass
    assert queue.done == ["A", "B0"]

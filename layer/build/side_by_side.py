"""Several works at once, each in a process of its own, whose steps are told of in this one.

They are processes as the compressor holds Python's lock for seconds. Each is in a process group of
its own, so that all that it has started can be ended with it.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import NamedTuple, TypeVar

from layer.build.progress import Advance, Step

Result = TypeVar("Result")
LATER = 5  # how much less of a processor the next work gets, as `nice` counts it


class Began(NamedTuple):
    """A step is at work."""

    name: str
    amount: int | None


class Advanced(NamedTuple):
    """A step has done so much more."""

    name: str
    done: int


class Ended(NamedTuple):
    """A step is over, or has failed."""

    name: str
    has_failed: bool


class Done(NamedTuple):
    """The work is over, or has failed with this, of which the traceback is told, too."""

    result: object
    failure: Exception | None = None
    traceback: str = ""


class TracebackThere(Exception):
    """Where in its own process something was raised."""


class SeveralFailed(Exception):
    """More than one of the works.

    Args:
        failures: What they have raised.
    """

    def __init__(self, failures: Sequence[Exception]) -> None:
        super().__init__("\n".join(f"{failure}\n{failure.__cause__}" for failure in failures))
        self.failures = failures


def side_by_side(works: Sequence[Callable[[Step], Result]], step: Step) -> list[Result]:
    """Do all of the works at once. When one fails, the others go on to their ends.

    Where there are too few processors, the first of them goes first.

    Args:
        works: Each is given what its steps are to be told to. Only one is done in this process.
        step: Tells of all their steps.

    Returns:
        Their results, in their order.

    Raises:
        SeveralFailed: More than one of them has failed. If it is one, what it has raised is raised.
        ChildProcessError: A process was ended from outside.
    """
    if len(works) == 1:
        return [works[0](step)]
    with ExitStack() as stack:
        sides = [stack.enter_context(_side(work, rank, step)) for rank, work in enumerate(works)]
        while waiting := [side.receiver for side in sides if not side.done]:
            ready = wait(waiting)
            for side in sides:
                if side.receiver in ready:
                    side.receive()
    done = [side.done for side in sides if side.done]
    failures = [each.failure for each in done if each.failure]
    if len(failures) > 1:
        raise SeveralFailed(failures)
    for failure in failures:
        raise failure
    return [each.result for each in done]  # type: ignore[misc] # what its own work has returned


class _Side:
    """One of the works, seen from here.

    Args:
        process: Where it is done.
        receiver: What it says.
        step: Tells of its steps.

    Attributes:
        receiver: What it says.
        done: What has become of it, if it is over.
    """

    def __init__(self, process: ForkProcess, receiver: Connection, step: Step) -> None:
        self.receiver = receiver
        self.done: Done | None = None
        self._process = process
        self._step = step
        self._steps: dict[str, tuple[ExitStack, Advance]] = {}

    def receive(self) -> None:
        """Take the next message."""
        try:
            message = self.receiver.recv()
        except EOFError:
            self._process.join()
            code = self._process.exitcode
            message = Done(None, ChildProcessError(f"a process of the build ended with {code}"))
        match message:
            case Began(name, amount):
                stack = ExitStack()
                self._steps[name] = stack, stack.enter_context(self._step(name, amount))
            case Advanced(name, done):
                self._steps[name][1](done)
            case Ended(name, has_failed):
                self._end(name, Exception() if has_failed else None)
            case Done(_, failure, text) as done:
                self.done = done
                if failure:
                    failure.__cause__ = TracebackThere(text)

    def end(self) -> None:
        """End the process, with all that it has started, if it is still at work."""
        if not self.done:
            with suppress(ProcessLookupError):
                os.killpg(group_of(self._process), signal.SIGTERM)
        for name in [*self._steps]:
            self._end(name, KeyboardInterrupt())
        self._process.join()

    def _end(self, name: str, failure: BaseException | None) -> None:
        stack, _ = self._steps.pop(name)
        stack.__exit__(type(failure) if failure else None, failure, None)


def group_of(process: ForkProcess) -> int:
    """The process group that it is in, as soon as one of both sides has said so."""
    if process.pid is None:
        raise ValueError("the process has not begun")
    with suppress(ProcessLookupError):
        os.setpgid(process.pid, process.pid)
    return process.pid


@contextmanager
def _side(work: Callable[[Step], object], rank: int, step: Step) -> Iterator[_Side]:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_do, args=(work, rank, sender))
    process.start()
    sender.close()
    group_of(process)
    side = _Side(process, receiver, step)
    with receiver:
        try:
            yield side
        finally:
            side.end()


def _do(work: Callable[[Step], object], rank: int, sender: Connection) -> None:
    """Do a work in its own process, and say all of it."""
    os.setpgid(0, 0)
    os.nice(rank * LATER)
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    @contextmanager
    def step(name: str, amount: int | None = None) -> Iterator[Advance]:
        sender.send(Began(name, amount))
        try:
            yield lambda done: sender.send(Advanced(name, done))
        except Exception:
            sender.send(Ended(name, has_failed=True))
            raise
        sender.send(Ended(name, has_failed=False))

    with suppress(KeyboardInterrupt):
        try:
            said = Done(work(step))
        except Exception as failure:
            said = Done(None, failure, traceback.format_exc())
        sender.send(said)

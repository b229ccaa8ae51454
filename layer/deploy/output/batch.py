"""Batches: the same work on many things, a few at once, watched while it goes on."""

import itertools
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Generic, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from . import failure

Result = TypeVar("Result")

INTERRUPTED = "interrupted"
"""Why a batch has stopped that somebody has interrupted (Ctrl-C)."""


@dataclass(frozen=True, slots=True)
class Batch(Generic[Result]):
    """What came of it.

    Attributes:
        done: The result for each thing that it worked for, in their order.
        failed: For each other one, what is wrong and what to do.
        left: Those that were not begun, because it stopped before.
        stopped: Why it stopped: `INTERRUPTED`, or what would fail for every other one, too;
            empty where it did not.
        halted: Why no more was begun, though it could have been: what the operator had it watch.
    """

    done: Mapping[str, Result]
    failed: Mapping[str, str]
    left: tuple[str, ...] = ()
    stopped: str = ""
    halted: str = ""

    @property
    def went_well(self) -> bool:
        """Whether all of it was done."""
        return not (self.failed or self.stopped or self.halted)

    @property
    def exit_code(self) -> int:
        """0, 1 for a failure, or 130 (128 + SIGINT, as shells say it) for an interruption."""
        return 130 if self.stopped == INTERRUPTED else int(not self.went_well)


def run(
    things: Sequence[str],
    work: Callable[[str], Result],
    console: Console | None,
    *,
    doing: str,
    at_once: int,
    same_place: bool = False,
) -> Batch[Result]:
    """Do the work on each thing; one that fails keeps no other from being done.

    On a first Ctrl-C, and where the credentials have expired or AWS can't be reached, what is
    under way ends, and no more begins.

    Args:
        things: Their names.
        work: What to do with one. Its failures, and those of AWS, are collected.
        console: Where progress is shown: a bar on a terminal, else a line for each thing; None
            for nowhere.
        doing: What to call it, e.g. `Attaching`.
        at_once: How many are worked on at the same time.
        same_place: Whether all are in one region, so that AWS is out of reach for each if it is
            for one.
    """
    results: dict[str, Result] = {}
    failed: dict[str, str] = {}
    stopped = ""
    waiting = iter(things)
    under_way: dict[Future[Result], str] = {}
    with (
        _interruptions() as is_interrupted,
        progress(console, doing, len(things)) as advance,
        ThreadPoolExecutor(at_once) as pool,
    ):
        while True:
            stopped = stopped or (INTERRUPTED if is_interrupted() else "")
            if not stopped:
                for thing in itertools.islice(waiting, at_once - len(under_way)):
                    under_way[pool.submit(work, thing)] = thing
            if not under_way:
                break
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                thing = under_way.pop(future)
                try:
                    results[thing] = future.result()
                except click.ClickException as error:
                    failed[thing] = error.format_message()
                except failure.OF_AWS as error:
                    failed[thing] = failure.of_aws(error).format_message()
                    if failure.concerns_all(error, same_place=same_place):
                        stopped = stopped or failed[thing]
                advance(thing)
    left = tuple(thing for thing in things if thing not in results and thing not in failed)
    return Batch(_in_order(things, results), _in_order(things, failed), left, stopped)


def _in_order(things: Sequence[str], found: Mapping[str, Result]) -> dict[str, Result]:
    return {thing: found[thing] for thing in things if thing in found}


@contextmanager
def _interruptions() -> Iterator[Callable[[], bool]]:
    """Something that says whether Ctrl-C was pressed; only when it is a second time, it raises.

    An exception at any moment could come between the beginning of something and the note of it.
    """
    came = threading.Event()

    def arrive(number: int, frame: FrameType | None) -> None:
        if came.is_set():
            signal.default_int_handler(number, frame)
        came.set()

    if threading.current_thread() is not threading.main_thread():  # which alone takes signals
        yield came.is_set
        return
    before = signal.signal(signal.SIGINT, arrive)
    try:
        yield came.is_set
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress(console: Console | None, doing: str, total: int) -> Iterator[Callable[[str], None]]:
    """Something to call for each thing that is done.

    Args:
        console: Where progress is shown; None for nowhere.
        doing: What to call it.
        total: How many things there are.
    """
    if not console:
        yield lambda _: None
        return
    if not console.is_terminal:
        count = itertools.count(1)
        yield lambda thing: console.print(f"{doing} {thing} ({next(count)}/{total})")
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda thing: bar.update(task, advance=1, description=f"{doing} {thing}")

"""Batches: the same work on many things, a few at once, watched while it goes on."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from . import failure

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Batch(Generic[Result]):
    """What came of it.

    Attributes:
        done: The result for each thing that it worked for, in their order.
        failed: For each other one, what is wrong and what to do.
    """

    done: Mapping[str, Result]
    failed: Mapping[str, str]


def run(
    things: Sequence[str],
    work: Callable[[str], Result],
    console: Console | None,
    *,
    doing: str,
    at_once: int,
) -> Batch[Result]:
    """Do the work on each thing; one that fails keeps no other from being done.

    Args:
        things: Their names.
        work: What to do with one. Its failures, and those of AWS, are collected.
        console: Where progress is shown: a bar on a terminal, else a line for each thing; None
            for nowhere.
        doing: What to call it, e.g. `Attaching`.
        at_once: How many are worked on at the same time.
    """
    results: dict[str, Result] = {}
    failed: dict[str, str] = {}
    with progress(console, doing, len(things)) as advance, ThreadPoolExecutor(at_once) as pool:
        futures = {pool.submit(work, thing): thing for thing in things}
        try:
            for future in as_completed(futures):
                thing = futures[future]
                try:
                    results[thing] = future.result()
                except click.ClickException as error:
                    failed[thing] = error.format_message()
                except failure.OF_AWS as error:
                    failed[thing] = failure.of_aws(error).format_message()
                advance(thing)
        except BaseException:  # such as Ctrl-C: what is under way ends, and no more begins
            pool.shutdown(cancel_futures=True)
            raise
    return Batch(_in_order(things, results), _in_order(things, failed))


def _in_order(things: Sequence[str], found: Mapping[str, Result]) -> dict[str, Result]:
    return {thing: found[thing] for thing in things if thing in found}


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

"""What a command says of its steps while it is at work: a line for each, with its time.

    · environment  12 s

On a terminal, a bar moves while a step is at work.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

Advance = Callable[[int], None]


class Step(Protocol):
    """Says that a step is at work for as long as a `with` lasts."""

    def __call__(self, name: str, amount: int | None = None) -> AbstractContextManager[Advance]:
        """Begin a step.

        Args:
            name: What it does or makes, as a noun.
            amount: How much it has to do, where that is known.

        Returns:
            For the `with`; its value is to be told how much has been done since.
        """


@contextmanager
def silent(name: str, amount: int | None = None) -> Iterator[Advance]:  # noqa: ARG001
    """A step that nobody is told of."""
    yield lambda _: None


def told_on(console: Console) -> Step:
    """Steps that are told on a console."""

    @contextmanager
    def step(name: str, amount: int | None = None) -> Iterator[Advance]:
        began = time.monotonic()
        with _bar(console, name, amount) if console.is_terminal else _text(console, name) as done:
            yield done
        beginning = f"· {name}" if console.is_terminal else ""
        console.print(f"{beginning}  {_seconds(time.monotonic() - began)}", highlight=False)

    return step


@contextmanager
def _bar(console: Console, name: str, amount: int | None) -> Iterator[Advance]:
    columns = TextColumn("· {task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(name, total=amount)
        yield lambda done: progress.advance(task, done)


@contextmanager
def _text(console: Console, name: str) -> Iterator[Advance]:
    console.print(f"· {name}", end="", highlight=False)
    try:
        yield lambda _: None
    except BaseException:
        console.print()
        raise


def _seconds(took: float) -> str:
    return f"{took:.{0 if took >= 10 else 1}f} s"

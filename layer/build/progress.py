"""What a command says of its steps while it is at work: a line for each, with its time.

    · environment  12 s

On a terminal, a bar moves while steps are at work, however many there are at once. Elsewhere a
line begins when its step does, unless another one is at work.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

Advance = Callable[[int], None]


class Step(Protocol):
    """Says that a step is at work for as long as a `with` lasts."""

    def __call__(self, name: str, amount: int | None = None) -> AbstractContextManager[Advance]:
        """Begin a step.

        Args:
            name: What it does or makes, as a noun; no other of that name is at work.
            amount: How much it has to do, where that is known.

        Returns:
            For the `with`; its value is to be told how much has been done since.
        """


@contextmanager
def silent(name: str, amount: int | None = None) -> Iterator[Advance]:  # noqa: ARG001
    """A step that nobody is told of."""
    yield lambda _: None


class _Lines(Protocol):
    """Where steps are told of."""

    def begin(self, name: str, amount: int | None) -> Advance:
        """Say that a step is at work."""

    def end(self, name: str, said: str) -> None:
        """Say what has become of it; "" is nothing."""


def told_on(console: Console) -> Step:
    """Steps that are told on a console."""
    lines: _Lines = _Bar(console) if console.is_terminal else _Text(console)

    @contextmanager
    def step(name: str, amount: int | None = None) -> Iterator[Advance]:
        began = time.monotonic()
        advance = lines.begin(name, amount)
        try:
            yield advance
        except Exception:
            lines.end(name, "failed")
            raise
        except BaseException:
            lines.end(name, "")
            raise
        lines.end(name, _seconds(time.monotonic() - began))

    return step


class _Bar:
    """A terminal's last line: all steps that are at work, and a bar. Those that are over are above.

    Args:
        console: The terminal.
    """

    def __init__(self, console: Console) -> None:
        columns = TextColumn("· {task.description}"), BarColumn(), TimeElapsedColumn()
        self._progress = Progress(*columns, console=console, transient=True)
        self._tasks: dict[str, TaskID] = {}

    def begin(self, name: str, amount: int | None) -> Advance:
        """Add a step to the line."""
        task = self._tasks[name] = self._progress.add_task(name, total=amount)
        self._progress.start()
        self._show()
        return lambda done: self._progress.advance(task, done)

    def end(self, name: str, said: str) -> None:
        """Take a step off the line, and leave one of its own."""
        if len(self._tasks) == 1:
            self._progress.stop()
        self._progress.remove_task(self._tasks.pop(name))
        self._show()
        if said:
            self._progress.console.print(f"· {name}  {said}", highlight=False)

    def _show(self) -> None:
        """The first step's bar stands for all of them."""
        for number, task in enumerate(self._tasks.values()):
            self._progress.update(task, description=", ".join(self._tasks), visible=not number)
        if self._tasks:
            self._progress.refresh()


class _Text:
    """Lines in a file or a pipe.

    Args:
        console: The file.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._at_work = 0
        self._begun = ""  # whose line waits for its end

    def begin(self, name: str, amount: int | None) -> Advance:  # noqa: ARG002
        """Begin a line, unless a step is at work."""
        if not self._at_work:
            self._print(f"· {name}", end="")
            self._begun = name
        self._at_work += 1
        return lambda _: None

    def end(self, name: str, said: str) -> None:
        """End the step's line, or write a whole one."""
        self._at_work -= 1
        if self._begun == name:
            self._print(f"  {said}" if said else "")
        else:
            if self._begun:
                self._print("")
            if said:
                self._print(f"· {name}  {said}")
        self._begun = ""

    def _print(self, text: str, end: str = "\n") -> None:
        self._console.print(text, end=end, highlight=False, soft_wrap=True)


def _seconds(took: float) -> str:
    return f"{took:.{0 if took >= 10 else 1}f} s"

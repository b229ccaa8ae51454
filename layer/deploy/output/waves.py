"""Waves: some things first, then the next, as long as nothing speaks against going on."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import click

from . import failure
from .batch import INTERRUPTED, Batch


def _nothing_is_wrong() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Waves:
    """How many things are changed before the others.

    Attributes:
        size: How many in one wave; 0 for all.
        pause: Seconds between two waves.
        most_failures: How many failures end it; 0 for any number.
        wrong: Why not to begin the next wave, asked before each; empty where nothing is wrong.
        sleep: Waits for so many seconds.
    """

    size: int = 0
    pause: float = 0.0
    most_failures: int = 0
    wrong: Callable[[], str] = _nothing_is_wrong
    sleep: Callable[[float], None] = time.sleep

    def run(
        self, things: Sequence[str], work: Callable[[Sequence[str]], Batch[None]]
    ) -> Batch[None]:
        """Do the work on all things, wave by wave.

        Args:
            things: Their names.
            work: What to do with those of one wave.

        Returns:
            What came of it; `halted` where one was not begun because of what is said here.
        """
        made: Batch[None] = Batch({}, {}, tuple(things))
        size = self.size or max(1, len(things))
        for start in range(0, len(things), size):
            try:
                if halted := self._halted(len(made.failed), is_first=not start):
                    return replace(made, halted=halted)
            except KeyboardInterrupt:
                return replace(made, stopped=INTERRUPTED)
            wave = work(things[start : start + size])
            made = Batch(
                {**made.done, **wave.done},
                {**made.failed, **wave.failed},
                (*wave.left, *things[start + size :]),
                wave.stopped,
            )
            if made.stopped:
                break
        return made

    def _halted(self, failures: int, *, is_first: bool) -> str:
        """Why not to begin a wave; waits first for as long as there is to be between two.

        What can't be found out speaks against it, too.
        """
        if self.most_failures and failures >= self.most_failures:
            return f"{failures} failed, and --stop-after is {self.most_failures}"
        if not is_first and self.pause:
            self.sleep(self.pause)
        try:
            return self.wrong()
        except click.ClickException as error:
            return error.format_message()
        except failure.OF_AWS as error:
            return failure.of_aws(error).format_message()

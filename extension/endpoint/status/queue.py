"""The queue of those who ask for the status: others do not wait until it is told.

Theory of operation: one report is made at a time, in steps, and the loop serves others between two
of them; so a report of ten thousand secrets, for which nobody needs a token, keeps nobody waiting.
Who asks meanwhile hears the next one, which is no older than the question. A report of few secrets
has no steps, and is told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..step_queue import StepQueue
from .status import Report

Asker = Callable[[str | Exception], None]


class StatusQueue:
    """Tells the status.

    Args:
        report: begins a report: yields after each step, and returns the text.
        call_later: calls something after some seconds.
    """

    __slots__ = ("_askers", "_report", "_steps", "_telling")

    def __init__(
        self,
        report: Callable[[], Report],
        call_later: Callable[[float, Callable[[], None]], object],
    ) -> None:
        self._report = report
        self._steps = StepQueue(call_later)
        self._askers: list[Asker] = []
        self._telling = False

    def ask(self, asker: Asker) -> None:
        """Ask for the status.

        Args:
            asker: given the text, or the internal error that there is instead, now or later; it
                must raise nothing.
        """
        self._askers.append(asker)
        if not self._telling:
            self._telling = True
            self._steps.add(self._tell_all())

    def _tell_all(self) -> Iterator[None]:
        while self._askers:
            askers, self._askers = self._askers, []
            report: str | Exception
            try:
                report = yield from self._report()
            except Exception as error:
                report = error
            for number, asker in enumerate(askers):
                if number:
                    yield
                asker(report)
        self._telling = False

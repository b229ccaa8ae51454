"""Whether a budget is met: a figure, never a test."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from tests.bench.table import Table


class Verdict(NamedTuple):
    """How one budget stands.

    Attributes:
        what: What it is about.
        sign: Whether the limit is the most or the least that it may be.
        limit: What it may be; None where whom it is held against was not measured.
        got: What it was; None likewise.
        meaning: How the limit comes about; empty where it is fixed.
    """

    what: str
    sign: Literal["≤", "≥"]
    limit: float | None
    got: float | None
    meaning: str = ""

    @property
    def word(self) -> str:
        """Whether it is met."""
        if self.limit is None or self.got is None:
            return "not measured"
        met = self.got >= self.limit if self.sign == "≥" else self.got <= self.limit
        return "met" if met else "NOT MET"

    def cells(self) -> tuple[str, str, str, str]:
        """What a table says of it."""
        meaning = f" ({self.meaning})" if self.meaning else ""
        limit = "-" if self.limit is None else f"{self.sign} {_precise(self.limit)}{meaning}"
        got = "-" if self.got is None else _precise(self.got)
        return self.what, limit, got, self.word


def table(title: str, verdicts: Iterable[Verdict]) -> Table:
    """The table of a run's budgets."""
    rows = tuple(verdict.cells() for verdict in verdicts)
    return Table(title, ("budget of Warmkey", "target", "got", ""), rows)


def _precise(value: float) -> str:
    """A figure with three digits or so, so that it shows which side of a limit it is on."""
    size = abs(value)
    return f"{value:.{2 if size < 1 else 1 if size < 100 else 0}f}"

"""What came of every start, by conditions, by who started and by round."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator

from tests.bench.lab.cell import Cell
from tests.bench.lab.function_start import FunctionStart
from tests.bench.lab.way import Way

Outcome = FunctionStart | Exception
"""What came of a start: what was measured, or why nothing was."""

Measured = Callable[[FunctionStart], float]
Who = tuple[str, Way]
"""A function's runtime and its way."""


class Results:
    """The starts of a run; those that failed are kept with their reasons."""

    def __init__(self) -> None:
        self._starts: defaultdict[tuple[Cell, Who], dict[int, FunctionStart]] = defaultdict(dict)
        self._failures: defaultdict[tuple[Cell, Who], dict[int, str]] = defaultdict(dict)

    def add(self, cell: Cell, who: Who, number: int, came: Outcome) -> None:
        """Add what came of a start.

        Args:
            cell: Under which conditions.
            who: Who started.
            number: The round's number.
            came: What came of it.
        """
        if isinstance(came, Exception):
            self._failures[cell, who][number] = str(came) or repr(came)
        else:
            self._starts[cell, who][number] = came

    def samples(self, cell: Cell, who: Who, measured: Measured) -> tuple[float, ...]:
        """One sample of each round in which it started, in their order."""
        return tuple(measured(start) for _, start in sorted(self._starts[cell, who].items()))

    def pairs(
        self, cell: Cell, ours: Who, theirs: Who, measured: Measured
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The samples of both, of those rounds alone in which both started."""
        mine, others = self._starts[cell, ours], self._starts[cell, theirs]
        both = sorted(mine.keys() & others.keys())
        return (
            tuple(measured(mine[number]) for number in both),
            tuple(measured(others[number]) for number in both),
        )

    def median_start(self, cell: Cell, who: Who) -> FunctionStart | None:
        """The start that had its secrets in the median time, or came next to that."""
        starts = self._starts[cell, who].values()
        if not starts:
            return None
        median = statistics.median_low(start.in_hand for start in starts)
        return next(start for start in starts if start.in_hand == median)

    def failures(self) -> Iterator[str]:
        """A sentence for everyone who failed to start under some conditions."""
        for (cell, (runtime, way)), reasons in self._failures.items():
            if reasons:
                every = len(reasons) + len(self._starts[cell, (runtime, way)])
                first = next(iter(reasons.values())).splitlines()[0]
                told = f"{runtime}, {way.label} ({cell.label})"
                yield f"{told}: {len(reasons)} of {every} starts failed, the first with: {first}"

"""One run of the lab."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException

from tests.bench.lab.cell import Cell, Dimension, cells
from tests.bench.lab.function_start import function_start
from tests.bench.lab.quota import CpuQuota
from tests.bench.lab.results import Outcome, Results
from tests.bench.lab.variant import Variant
from tests.bench.rounds import turned
from tests.bench.world import World
from tests.rapid.sandbox import FunctionError


@dataclass(frozen=True, slots=True)
class Run:
    """What is measured, and where to.

    Attributes:
        variants: Who starts, in turn.
        varied: Under which conditions.
        quotas: The CPU quotas by a function's memory, in MB.
        world: What is around the functions; only SSM is used of it.
        results: What came of it.
    """

    variants: Sequence[Variant]
    varied: Sequence[Dimension]
    quotas: Mapping[int, CpuQuota]
    world: World
    results: Results

    def __len__(self) -> int:
        """How many start in a round."""
        return sum(1 for _ in self._turns(0))

    def round(self, number: int, keep: bool = True) -> Iterator[str]:
        """Start everyone once under all conditions; a start that fails is no reason to stop.

        Args:
            number: The round's number; each begins with another variant.
            keep: Whether what is measured counts.

        Yields:
            What is measured next.
        """
        results = self.results if keep else Results()
        for cell, variant in self._turns(number):
            yield f"{cell.label}: {variant.label}"
            results.add(cell, variant.who, number, self._start(variant, cell))

    def _turns(self, number: int) -> Iterator[tuple[Cell, Variant]]:
        for cell in cells(self.varied):
            for variant in turned(self.variants, number):
                if variant.takes_part_in(cell):
                    yield cell, variant

    def _start(self, variant: Variant, cell: Cell) -> Outcome:
        quota = self.quotas[cell.memory] if cell.memory else None
        try:
            return function_start(variant, cell, self.world, quota)
        except (FunctionError, HTTPException, OSError, ValueError) as failure:
            return failure

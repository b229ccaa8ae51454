"""One run of the lab."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException

from tests.bench.lab.cell import Cell
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
        cells: Under which conditions.
        quotas: The CPU quotas by a function's memory, in MB.
        world: What is around the functions; only SSM is used of it.
        results: What came of it.
    """

    variants: Sequence[Variant]
    cells: Sequence[Cell]
    quotas: Mapping[int, CpuQuota]
    world: World
    results: Results

    def __len__(self) -> int:
        """How many start in a round."""
        return sum(each.takes_part_in(cell) for cell in self.cells for each in self.variants)

    def round(self, number: int, keep: bool = True) -> Iterator[str]:
        """Start everyone once under all conditions; a start that fails is no reason to stop.

        Args:
            number: The round's number; each begins with another variant.
            keep: Whether what is measured counts.

        Yields:
            What is measured next.
        """
        results = self.results if keep else Results()
        for cell in self.cells:
            quota = self.quotas[cell.memory] if cell.memory else None
            for variant in turned(self.variants, number):
                if variant.takes_part_in(cell):
                    yield f"{cell.label}: {variant.label}"
                    results.add(cell, variant.who, number, self._start(variant, cell, quota))

    def _start(self, variant: Variant, cell: Cell, quota: CpuQuota | None) -> Outcome:
        try:
            return function_start(variant, cell, self.world, quota)
        except (FunctionError, HTTPException, OSError, ValueError) as failure:
            return failure

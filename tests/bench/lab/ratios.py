"""The ratios of a run, with DESIGN.md's budgets where it has some."""

from collections.abc import Iterator, Sequence

from tests.bench.functions import NODE, PYTHON
from tests.bench.lab.cell import BASE, SECRETS, Cell
from tests.bench.lab.experiments import COUNTED, calls, in_hand, read
from tests.bench.lab.results import Results
from tests.bench.lab.way import BOTO3, BUNDLED, CLIENT, COMPILED, FIRST_READ, GO, SDK, URLLIB, Way
from warmkey.deploy.report import Ratio

_AGAINST_BOTO3 = 0.25
_FIRST_READ = 5.0  # ms
_AGAINST_URLLIB = 0.2
_PARAMETERS_IN_A_CALL = 10
_HEADLINE = 10  # secrets


def ratios(results: Results, cells: Sequence[Cell]) -> Iterator[Ratio]:
    """All that have samples of both sides.

    Args:
        results: What was measured.
        cells: The conditions, in order.
    """
    for cell in cells:
        yield from _in_hand(results, cell, PYTHON, BOTO3)
    for cell in cells:
        yield from _in_hand(results, cell, NODE, SDK)
        yield from _in_hand(results, cell, NODE, BUNDLED)
    for runtime in (PYTHON, NODE):
        yield from _in_hand(results, BASE, runtime, GO)
    yield from _first_reads(results, FIRST_READ, "A first read, imports included")
    yield from _first_reads(results, COMPILED, "A first read, with bytecode in the layer")
    yield from _calls(results)


def _in_hand(results: Results, cell: Cell, runtime: str, against: Way) -> Iterator[Ratio]:
    """The client against another way; the budget is for what the number of secrets varies alone."""
    ours, theirs = results.pairs(cell, (runtime, CLIENT), (runtime, against), in_hand)
    if ours:
        alone = cell.latency == 0 and cell.memory is None
        yield Ratio(
            f"In hand at {runtime} init: {cell.label}",
            "ms",
            ours,
            against.label,
            theirs,
            paired=True,
            budget=_AGAINST_BOTO3 if alone and against is BOTO3 else None,
            headline=alone and cell.secrets == _HEADLINE and against in (BOTO3, SDK),
        )


def _first_reads(results: Results, way: Way, what: str) -> Iterator[Ratio]:
    ours, theirs = results.pairs(BASE, (PYTHON, way), (PYTHON, URLLIB), read)
    if ours:
        yield Ratio(what, "ms", ours, budget=_FIRST_READ)
        yield Ratio(
            what,
            "ms",
            ours,
            URLLIB.label,
            theirs,
            paired=True,
            budget=_AGAINST_URLLIB,
            headline=way is FIRST_READ,
        )


def _calls(results: Results) -> Iterator[Ratio]:
    for secrets in SECRETS:
        ours = results.samples(Cell(secrets), (PYTHON, CLIENT), calls)
        if ours:
            fewest = -(-secrets // _PARAMETERS_IN_A_CALL)
            yield Ratio(f"Calls to SSM: {Cell(secrets).label}", COUNTED, ours, budget=fewest)

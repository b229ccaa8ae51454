"""The experiments of a run: what was varied, and every sample of it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.bench.functions import PYTHON
from tests.bench.lab.cell import BASE, Cell, Dimension
from tests.bench.lab.function_start import FunctionStart
from tests.bench.lab.results import Results, Who
from tests.bench.lab.way import FIRST_READS, NOTHING, WAYS
from warmkey.deploy.report import Experiment, Series, differences

COUNTED = "calls"
"""The unit of what is counted, and not measured."""

Sampled = Callable[[Cell, Who], tuple[float, ...]]
"""Gives the samples of somebody under some conditions."""


def experiments(results: Results, varied: Sequence[Dimension]) -> Iterator[Experiment]:
    """All that have a sample; the first is the main comparison.

    Args:
        results: What was measured.
        varied: What was varied, the number of secrets first.
    """
    for measure in (_in_hand, _added):
        for runtime in WAYS:
            for dimension in varied:
                yield from measure(results, runtime, dimension)
    for runtime in WAYS:
        yield from _calls(results, runtime, varied[0])
    yield from _first_read(results)


def _in_hand(results: Results, runtime: str, dimension: Dimension) -> Iterator[Experiment]:
    return _experiment(
        f"Secrets in hand in a {runtime} function's init",
        dimension,
        [(runtime, way) for way in WAYS[runtime]],
        lambda cell, who: results.samples(cell, who, in_hand),
        note=dimension.note,
        scale=dimension.scale,
    )


def _added(results: Results, runtime: str, dimension: Dimension) -> Iterator[Experiment]:
    nothing = runtime, NOTHING
    return _experiment(
        f"Added to the INIT of a {runtime} function",
        dimension,
        [(runtime, way) for way in WAYS[runtime] if way is not NOTHING],
        lambda cell, who: differences(*results.pairs(cell, who, nothing, init)),
        note=f"{dimension.note} Less nothing at all, in the same round.",
        difference=True,
    )


def _calls(results: Results, runtime: str, dimension: Dimension) -> Iterator[Experiment]:
    return _experiment(
        f"Calls to SSM for a cold start of a {runtime} function",
        dimension,
        [(runtime, way) for way in WAYS[runtime]],
        lambda cell, who: results.samples(cell, who, calls),
        unit=COUNTED,
        note="Counted where they arrive.",
    )


def _first_read(results: Results) -> Iterator[Experiment]:
    samples = [results.samples(BASE, (PYTHON, way), read) for way in FIRST_READS]
    if any(samples):
        yield Experiment(
            "A first read in a Python function, the value being ready",
            "secrets",
            "ms",
            ("1 secret",),
            tuple(
                Series(way.label, way.role, (each,))
                for way, each in zip(FIRST_READS, samples, strict=True)
            ),
            "From the first line of the first invoke, with the import of whatever reads.",
        )


def in_hand(start: FunctionStart) -> float:
    """When the function's code had its secrets, in milliseconds since INIT START."""
    return start.in_hand


def init(start: FunctionStart) -> float:
    """How long INIT took, in milliseconds."""
    return start.init


def calls(start: FunctionStart) -> float:
    """How many calls came to SSM."""
    return float(len(start.upstream.calls))


def read(start: FunctionStart) -> float:
    """How long the first read took, in milliseconds."""
    return start.moments["values"] - start.moments["began"]


def _experiment(
    title: str,
    dimension: Dimension,
    compared: Sequence[Who],
    sampled: Sampled,
    unit: str = "ms",
    **more: Any,
) -> Iterator[Experiment]:
    """One experiment, without those who have no sample; none where nobody has one."""
    series = [
        Series(
            way.label, way.role, tuple(sampled(cell, (runtime, way)) for cell in dimension.cells)
        )
        for runtime, way in compared
    ]
    measured = tuple(each for each in series if any(each.samples))
    if measured:
        yield Experiment(title, dimension.name, unit, dimension.points, measured, **more)

"""The tables of a run of reads."""

from collections.abc import Iterator

from tests.bench.ratio_table import ratio_table
from tests.bench.reads.loads import HIT, LOADS
from tests.bench.reads.memory import AFTER, ASKED, BEFORE, FRESH, GROWTH, HELD, VARIED
from tests.bench.reads.ratios import ratios
from tests.bench.reads.server import LABELS, OURS
from tests.bench.samples import Samples, number
from tests.bench.table import Table

_FIGURES = {
    "thousand reads/s": "rate",
    "p50, µs": "p50",
    "p99, µs": "p99",
    "p99.9, µs": "p99.9",
}
_MEMORY = {
    "after the prefetch": FRESH,
    "warm, before a million reads": BEFORE,
    "after them": AFTER,
    "their growth": GROWTH,
    "large secrets, fetched": HELD,
    "each read": ASKED,
    "read with many heads": VARIED,
}


def tables(samples: Samples) -> Iterator[Table]:
    """All tables of a run."""
    rows = (
        (load, label, *(_cell(samples, label, f"{load}: {what}") for what in _FIGURES.values()))
        for load in LOADS
        for label in LABELS
    )
    yield Table("Warm reads", ("", "server", *_FIGURES), tuple(rows))
    hit = samples.median(OURS, HIT)
    cell = "-" if hit is None else f"{hit:.2f}"
    yield Table("A read from the client's memory", ("", "µs"), (("`warmkey.get()` again", cell),))
    resident = tuple((title, _cell(samples, OURS, what)) for title, what in _MEMORY.items())
    yield Table("Resident memory of the daemon", ("", "MiB"), resident)
    yield ratio_table(ratios(samples))


def _cell(samples: Samples, label: str, what: str) -> str:
    values = samples.values(label, what)
    return number(values[0]) if len(values) == 1 else str(samples.figure(label, what) or "-")

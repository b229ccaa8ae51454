"""The tables of a run of starts."""

from collections.abc import Iterator, Sequence

from tests.bench import verdict
from tests.bench.functions import NODE, PYTHON
from tests.bench.samples import Samples
from tests.bench.start.budgets import verdicts
from tests.bench.table import Table

_START = {
    "register, warm": "registered warm",
    "register, cold": "registered cold",
    "secret, warm": "secret warm",
    "secret, cold": "secret cold",
    "secret, SSM 30 ms": "secret slow",
}
_MORE = {
    "SSM called, warm": "called warm",
    "SSM called, cold": "called cold",
    "next, warm": "ready warm",
    "next, cold": "ready cold",
    "CPU": "cpu warm",
    "RSS, MB": "rss warm",
}
_INIT = {
    "Python, warm": f"{PYTHON} two cores warm",
    "Python, cold": f"{PYTHON} two cores cold",
    "Node, warm": f"{NODE} two cores warm",
    "Node, cold": f"{NODE} two cores cold",
    "Python, one core, warm": f"{PYTHON} one core warm",
    "Python, one core, cold": f"{PYTHON} one core cold",
}


def tables(samples: Samples, labels: Sequence[str]) -> Iterator[Table]:
    """All tables of a run.

    Args:
        samples: What was measured.
        labels: Who has a row, in order.
    """
    yield _table("From exec, ms", samples, labels, _START)
    yield _table("From exec, ms, and what it takes", samples, labels, _MORE)
    yield _table("Added to INIT on the Rapid core, ms", samples, labels, _INIT)
    yield verdict.table("Budgets, medians in ms", verdicts(samples))


def _table(title: str, samples: Samples, labels: Sequence[str], columns: dict[str, str]) -> Table:
    rows = tuple(
        (label, *(str(samples.figure(label, what) or "-") for what in columns.values()))
        for label in labels
    )
    return Table(title, ("", *columns), rows)

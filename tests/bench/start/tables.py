"""The tables of a run of starts."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.bench.functions import LABELS
from tests.bench.ratio_table import ratio_table
from tests.bench.samples import Samples, figure
from tests.bench.start.condition import COLD, FAR, LATE, ONE_CORE, WARM
from tests.bench.start.ratios import added, ratios
from tests.bench.start.run import INIT_CONDITIONS
from tests.bench.table import Table

_BOTH = (WARM, COLD)
_START = {
    **{f"register, {each.name}": f"registered, {each.name}" for each in _BOTH},
    **{f"secret, {each.name}": f"secret, {each.name}" for each in (*_BOTH, ONE_CORE)},
}
_MORE = {
    **{f"secret, {each.name}": f"secret, {each.name}" for each in (LATE, FAR)},
    **{f"SSM called, {each.name}": f"called, {each.name}" for each in _BOTH},
    **{f"next, {each.name}": f"ready, {each.name}" for each in _BOTH},
}
_TAKES = {
    **{f"CPU, {each.name}, ms": f"cpu, {each.name}" for each in _BOTH},
    "read from disk, cold, MB": "read, cold",
    "RSS, MiB": "rss, warm",
}

Look = Callable[[str, str], Sequence[float]]
"""Gives the samples of somebody, by label, and of what."""


def tables(samples: Samples, labels: Sequence[str]) -> Iterator[Table]:
    """All tables of a run.

    Args:
        samples: What was measured.
        labels: Who has a row, in order.
    """
    yield _table("From exec, ms", labels, _START, samples.values)
    yield _table("From exec, with a slow SSM and more moments, ms", labels, _MORE, samples.values)
    yield _table("What a start takes", labels, _TAKES, samples.values)
    for function in LABELS:
        columns = {each.name: f"{function}, {each.name}" for each in INIT_CONDITIONS}
        title = f"Added to the INIT of a {function} function, ms"
        yield _table(title, labels, columns, lambda label, what: added(samples, label, what))
    yield ratio_table(ratios(samples))


def _table(title: str, labels: Sequence[str], columns: Mapping[str, str], look: Look) -> Table:
    rows = tuple(
        (label, *(_cell(look(label, what)) for what in columns.values())) for label in labels
    )
    return Table(title, ("", *columns), rows)


def _cell(values: Sequence[float]) -> str:
    return str(figure(values)) if values else "-"

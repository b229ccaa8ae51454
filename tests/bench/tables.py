"""The tables of a run: plain data, shown by rich or written as Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import rich.box
import rich.table

from tests.bench.budgets import verdicts
from tests.bench.functions import NODE, PYTHON
from tests.bench.samples import Samples

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


@dataclass(frozen=True, slots=True)
class Table:
    """A title, a header and rows of text, as long as the header."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def rich(self) -> rich.table.Table:
        """For a terminal of 80 columns: the range of a figure stands below it."""
        table = rich.table.Table(
            title=self.title, title_justify="left", box=rich.box.SIMPLE_HEAD, pad_edge=False
        )
        for number, name in enumerate(self.header):
            table.add_column(name, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(row[0], *(cell.replace(" (", "\n").rstrip(")") for cell in row[1:]))
        return table

    def markdown(self) -> str:
        """For a page."""
        rule = ("---", *("---:" for _ in self.header[1:]))
        lines = ("| " + " | ".join(row) + " |" for row in (self.header, rule, *self.rows))
        return f"**{self.title}**\n\n" + "\n".join(lines)


def tables(samples: Samples, labels: Sequence[str]) -> Iterator[Table]:
    """All tables of a run.

    Args:
        samples: What was measured.
        labels: Who has a row, in order.
    """
    yield _table("From exec, ms", samples, labels, _START)
    yield _table("From exec, ms, and what it takes", samples, labels, _MORE)
    yield _table("Added to INIT on the Rapid core, ms", samples, labels, _INIT)
    header = ("budget of Warmkey", "target", "got", "")
    rows = tuple(verdict.cells() for verdict in verdicts(samples))
    yield Table("Budgets, medians in ms", header, rows)


def _table(title: str, samples: Samples, labels: Sequence[str], columns: dict[str, str]) -> Table:
    rows = tuple(
        (label, *(str(samples.figure(label, what) or "-") for what in columns.values()))
        for label in labels
    )
    return Table(title, ("", *columns), rows)

"""The table of a run of languages."""

from collections.abc import Sequence
from pathlib import Path

from layer.build.plan import REPOSITORY
from tests.bench.languages.clients import client
from tests.bench.languages.example_lines import warmkey_lines
from tests.bench.samples import Samples
from tests.bench.table import Table

_COLUMNS = {
    "cold start without": "without",
    "with the layer": "with",
    "added": "added",
    "example": "example",
    "RSS of the function": "function rss",
    "of the extension": "extension rss",
}


def table(samples: Samples, labels: Sequence[str]) -> Table:
    """The table, with a row for each language."""
    rows = tuple(
        (
            label,
            client(label),
            warmkey_lines(_example(label)),
            *(str(samples.figure(label, what) or "-") for what in _COLUMNS.values()),
        )
        for label in labels
    )
    return Table("Cold start, ms; memory, MB", ("", "runtime client", "lines", *_COLUMNS), rows)


def _example(language: str) -> Path:
    return REPOSITORY / "handler_example" / language.partition(".")[0].lower()

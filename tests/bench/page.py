"""The page of results: a section for each benchmark, under a heading of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tests.bench.table import Table

RESULTS = Path(__file__).with_name("RESULTS.md")
"""The page that the repository keeps."""


@dataclass(frozen=True, slots=True)
class Section:
    """What came of a benchmark.

    Attributes:
        heading: Its heading on the page, without its `#`.
        ran: What was run, and how often, as Markdown: "`make bench-reads`, 12 rounds".
        on: What it ran on, in one line.
        notes: How it was measured, as Markdown without another heading of that level.
        tables: What was measured.
        left_out: What could not be measured, and why.
    """

    heading: str
    ran: str
    on: str
    notes: str
    tables: Sequence[Table]
    left_out: Sequence[str] = ()

    def publish(self, console: Console, *, write: bool) -> None:
        """Print it, and put it on the page of results where that is wanted."""
        self.show(console)
        if write:
            self.write()

    def show(self, console: Console) -> None:
        """Print it, without its notes."""
        console.print(self.on, highlight=False)
        for table in self.tables:
            console.print()
            console.print(table.rich())
        for reason in self.left_out:
            console.print(f"Left out: {reason}", markup=False, highlight=False)

    def markdown(self) -> str:
        """What stands below its heading."""
        tables = (table.markdown() for table in self.tables)
        left_out = (f"Left out: {reason}" for reason in self.left_out)
        return "\n\n".join((f"{self.ran}. {self.on}.", self.notes, *tables, *left_out))

    def write(self, page: Path = RESULTS) -> None:
        """Put it in place of the section with the same heading, or at the end.

        Args:
            page: The page; it may not be there yet.
        """
        text = page.read_text(encoding="utf-8") if page.exists() else ""
        page.write_text(with_section(text, self.heading, self.markdown()), encoding="utf-8")


def with_section(text: str, heading: str, body: str, level: int = 1) -> str:
    """The page's text with the section in it.

    Args:
        text: The page's text.
        heading: The section's heading, without its `#`.
        body: What stands below it.
        level: How many `#` the heading has.
    """
    mark = "#" * level
    section = f"{mark} {heading}\n\n{body.strip()}\n"
    parts = re.split(rf"^(?={mark} )", text, flags=re.MULTILINE)
    parts = [part for part in parts if part.strip()]
    if not any(part.startswith(f"{mark} {heading}\n") for part in parts):
        parts.append(section)
    kept = (section if part.startswith(f"{mark} {heading}\n") else part for part in parts)
    return "\n".join(f"{part.rstrip()}\n" for part in kept)

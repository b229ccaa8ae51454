"""A table: plain data, shown by rich or written as Markdown."""

from dataclasses import dataclass

import rich.box
import rich.table


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

"""What an operator reads: results on standard output, what accompanies them on standard error."""

import sys
from typing import IO

from rich.console import Console
from rich.table import Table

_ENDLESS = 10_000  # columns


def results() -> Console:
    """Standard output: what the command was asked for, and the changes it is about to make."""
    return _plain(sys.stdout)


def remarks() -> Console:
    """Standard error: progress, questions, what went wrong; and changes, beside `--json`."""
    return _plain(sys.stderr)


def table(*columns: str) -> Table:
    """A table without lines, in which nothing is cut off where it is narrow."""
    made = Table(box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def _plain(stream: IO[str]) -> Console:
    """A console that prints what it is given, e.g. an ARN, without looking for anything in it.

    Where there is no terminal, no line is too long.
    """
    width = None if stream.isatty() else _ENDLESS
    return Console(
        file=stream, width=width, markup=False, highlight=False, emoji=False, soft_wrap=True
    )

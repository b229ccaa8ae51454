"""What an operator reads: results on standard output, what accompanies them on standard error."""

import sys
from typing import IO

from rich.console import Console


def results() -> Console:
    """Standard output: what the command was asked for, and the changes it is about to make."""
    return _plain(sys.stdout)


def remarks() -> Console:
    """Standard error: progress, questions, what went wrong; and changes, beside `--json`."""
    return _plain(sys.stderr)


def _plain(stream: IO[str]) -> Console:
    """A console that neither interprets, colours nor breaks what it prints, e.g. an ARN."""
    return Console(file=stream, markup=False, highlight=False, emoji=False, soft_wrap=True)

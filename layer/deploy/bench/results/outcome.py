"""The outcome of a bench: a table on the terminal, and a report in a folder."""

from pathlib import Path

from ...output import console
from ...output.failure import Failure
from ...report import write
from ...report.drawing.picture import NoPicture
from . import account_bench, result
from .measured import Measured


def make(folder: Path) -> Path:
    """Make the folder of a report, before anything is spent on one.

    Raises:
        Failure: That can't be done.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None
    return folder


def tell(measured: Measured, folder: Path) -> None:
    """Print the table, and write the report.

    Args:
        measured: What was measured.
        folder: Where the report goes.

    Raises:
        Failure: The folder can't be written.
    """
    remarks = console.remarks()
    console.results().print(result.table(measured))
    for remark in result.remarks(measured):
        remarks.print(remark)
    try:
        written = write(account_bench.bench(measured), folder)
        remarks.print(f"the report: {', '.join(map(str, written))}")
    except NoPicture as reason:
        remarks.print(f"the report is in {folder}, without PNG files: {reason}")
    except OSError as error:
        raise _unwritable(folder, error) from None


def _unwritable(folder: Path, error: OSError) -> Failure:
    return Failure(f"{folder} can't be written: {error}", "name another folder with -o")

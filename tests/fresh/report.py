"""The table: a line for each row as it ends, and Markdown for CONTRIBUTING.md."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from layer.build.plan import REPOSITORY
from tests.bench import machine
from tests.bench.page import with_section
from tests.fresh.row import ROWS
from tests.fresh.trial import Made, Outcome

PAGE = REPOSITORY / "CONTRIBUTING.md"
HEADING = "Where it runs"
_NOTES = """\
`make fresh` clones the repository on bare machines, on which nothing is installed but `make git
python3 python3-venv ca-certificates`, and runs there what newcomers run. Run it before a release:
`make fresh WRITE=1` renews this table. *First charge*: from the start of `make run`, with nothing
downloaded before, until the example function has charged a card."""


def show(console: Console, outcome: Outcome) -> None:
    """Print what came of a row."""
    console.print(outcome.row.machine, style="bold", markup=False, highlight=False)
    for made in outcome.made:
        charged = f", first charge after {_duration(made.charged)}" if made.charged else ""
        line = f"  make {made.target}: {_told(made)}{charged}"
        console.print(line, markup=False, highlight=False)
    if outcome.left_out:
        console.print(f"  left out: {outcome.left_out}", markup=False, highlight=False)
    elif outcome.complaint:
        console.print(f"  {outcome.complaint}", style="red", markup=False, highlight=False)


def write(outcomes: Sequence[Outcome], page: Path = PAGE) -> None:
    """Put rows into the page's table; those that were not tried stay as they were.

    Args:
        outcomes: What came of the rows that were tried.
        page: The page.
    """
    text = page.read_text(encoding="utf-8")
    page.write_text(with_section(text, HEADING, markdown(outcomes, text), level=2), "utf-8")


def markdown(outcomes: Iterable[Outcome], before: str = "") -> str:
    """What stands below the heading.

    Args:
        outcomes: What came of the rows that were tried.
        before: The page so far.
    """
    rows = {row.machine: _line_of(row.machine, before) for row in ROWS}
    for outcome in outcomes:
        rows[outcome.row.machine] = f"| {outcome.row.machine} | {' | '.join(_cells(outcome))} |"
    head = ["| machine | first charge | `make run` | `make test` |", "|---|---:|---|---|"]
    table = "\n".join([*head, *filter(None, rows.values())])
    return f"{_NOTES}\n\n{machine.description()}.\n\n{table}"


def _line_of(name: str, page: str) -> str:
    return next((line for line in page.splitlines() if line.startswith(f"| {name} | ")), "")


def _cells(outcome: Outcome) -> tuple[str, str, str]:
    made = {each.target: each for each in outcome.made}
    run, test = made.get("run"), made.get("test")
    if outcome.left_out or run is None:
        return "", f"left out: {outcome.left_out.splitlines()[0]}", ""
    if outcome.complaint:
        return "", f"**{outcome.complaint.splitlines()[0]}**", ""
    charged = "" if run.charged is None else _duration(run.charged)
    said = "refuses, and says what to do" if outcome.row.refusal else _told(run)
    return charged, said, _told(test) if test else ""


def _told(made: Made) -> str:
    proxied = f"{made.hosts.total()} connections through the proxy" if made.hosts else ""
    return ", ".join(filter(None, (_duration(made.seconds), made.tests, proxied)))


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"

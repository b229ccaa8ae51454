"""The table: a line for each row as it ends, and Markdown for CONTRIBUTING.md."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from layer.build.plan import REPOSITORY
from tests.bench import machine
from tests.bench.page import with_section
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
        console.print(f"  make {made.target}: {_told(made)}", markup=False, highlight=False)
    if outcome.left_out:
        console.print(f"  left out: {outcome.left_out}", markup=False, highlight=False)
    elif outcome.complaint:
        console.print(f"  {outcome.complaint}", style="red", markup=False, highlight=False)


def write(outcomes: Sequence[Outcome], page: Path = PAGE) -> None:
    """Put the table into the page, in place of what was there.

    Args:
        outcomes: What came of every row.
        page: The page.
    """
    text = with_section(page.read_text(encoding="utf-8"), HEADING, markdown(outcomes), level=2)
    page.write_text(text, encoding="utf-8")


def markdown(outcomes: Iterable[Outcome]) -> str:
    """What stands below the heading."""
    lines = ["| machine | first charge | `make run` | `make test` |", "|---|---:|---:|---|"]
    lines += [f"| {outcome.row.machine} | {' | '.join(_cells(outcome))} |" for outcome in outcomes]
    return f"{_NOTES}\n\n{machine.description()}.\n\n" + "\n".join(lines)


def _cells(outcome: Outcome) -> tuple[str, str, str]:
    made = {each.target: each for each in outcome.made}
    run, test = made.get("run"), made.get("test")
    if outcome.left_out or run is None:
        return "", f"left out: {outcome.left_out.splitlines()[0]}", ""
    if outcome.complaint:
        return "", f"**{outcome.complaint.splitlines()[0]}**", ""
    charged = "" if run.charged is None else _duration(run.charged)
    said = "refuses, and says what to do" if outcome.row.refusal else _duration(run.seconds)
    return charged, said, _told(test) if test else ""


def _told(made: Made) -> str:
    charged = f"first charge after {_duration(made.charged)}" if made.charged else ""
    proxied = f"{made.hosts.total()} connections through the proxy" if made.hosts else ""
    return ", ".join(filter(None, (_duration(made.seconds), charged, made.tests, proxied)))


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"

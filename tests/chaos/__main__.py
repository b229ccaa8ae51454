"""`make chaos`: try every case many times, and print what came of it."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.chaos.areas import AREAS
from tests.chaos.case import Case
from tests.chaos.outcome import Outcome, tried
from tests.rapid.layer import unpack


def main(arguments: Sequence[str]) -> int:
    """Try the cases and print the table.

    Returns:
        The exit status: 1 when an attempt was not survived, else 0.
    """
    options = _options(arguments)
    console = Console()
    table = Table("area", "case", "tried", "survived", "what the reader saw", title="Chaos")
    failed: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="warmkey-chaos-") as place:
        layer = unpack(Path(place, "opt"))
        for area, case in _chosen(options):
            with console.status(f"{area}: {case.name}"):
                outcome = tried(case, layer, 1 if options.quick else case.tries)
            table.add_row(area, case.name, str(outcome.tried), *_cells(outcome))
            if outcome.failures:
                failed.append(outcome)
    console.print(table)
    for outcome in failed:
        console.print(f"{outcome.case.name}: {outcome.failures[0]}", style="red", markup=False)
    return 1 if failed else 0


def _chosen(options: argparse.Namespace) -> Iterator[tuple[str, Case]]:
    for area, cases in AREAS.items():
        for case in cases:
            if options.only in f"{area}: {case.name}" and (case.quick or not options.quick):
                yield area, case


def _cells(outcome: Outcome) -> tuple[str, str]:
    lost = [f"NOT SURVIVED ({len(outcome.failures)})"] if outcome.failures else []
    return str(outcome.survived), "; ".join([*outcome.saw, *lost])


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="once, as `make test` does")
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name holds it")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

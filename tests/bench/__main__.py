"""`make bench`: what functions pay to have their secrets in hand when they start, in each way."""

import argparse
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tests.bench import machine, options, pictures, rounds
from tests.bench.lab import parts
from tests.bench.lab.report import bench
from tests.bench.lab.section import section
from tests.bench.peers import BUILD
from tests.rapid import namespaces
from warmkey.deploy import report
from warmkey.deploy.report.drawing.picture import NoPicture, is_possible

_ROUNDS = 20


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark, write its report and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are; 1 when it can't run on this machine.
    """
    given = _options(arguments)
    console = Console()
    on, facts, began = machine.description(), machine.facts(), datetime.now(UTC)
    left_out: list[str] = []
    with ExitStack() as stack:
        try:
            with console.status("Building who is compared; the first time it takes some minutes"):
                run = parts.lab(stack, given.quick, left_out)
        except namespaces.NamespacesRefused as refusal:
            console.print(str(refusal), markup=False, highlight=False)
            return 1
        console.print(f"{len(run)} cold starts in each round.", *left_out, sep="\n", markup=False)
        if given.quick:
            deque(run.round(1), maxlen=0)
        else:
            rounds.run(console, given.rounds, run.round)
        found = bench(run.results, run.varied, began, _command(given), facts, left_out)
    told = section(found, given.rounds, on)
    told.show(console)
    _report(console, found, given)
    if given.write:
        told.write()
        pictures.draw_all(found)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = options.parser("tests.bench", __doc__, _ROUNDS)
    parser.add_argument("--into", type=Path, default=BUILD, help="the report's folder")
    parser.add_argument("--quick", action="store_true", help="one round, few conditions")
    given = parser.parse_args(arguments)
    if given.quick and given.write:
        parser.error("--write keeps figures that stand for something: leave --quick out")
    return given


def _command(given: argparse.Namespace) -> str:
    """What to type to repeat it."""
    return "python -m tests.bench --quick" if given.quick else f"make bench ROUNDS={given.rounds}"


def _report(console: Console, found: report.Bench, given: argparse.Namespace) -> None:
    try:
        written = report.write(found, given.into, png=is_possible() and not given.quick)
    except NoPicture as reason:
        console.print(f"No PNG files: {reason}", markup=False, highlight=False)
        written = (given.into,)
    console.print(*written, sep="\n", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

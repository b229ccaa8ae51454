"""`make bench`: what functions pay to have their secrets in hand when they start, in each way."""

import argparse
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console

from layer.build.plan import REPOSITORY
from tests.bench import machine, rounds
from tests.bench.lab import parts
from tests.bench.lab.report import bench
from tests.bench.lab.section import HEADING, section, tables
from tests.bench.page import write_section
from tests.bench.peers import BUILD
from tests.bench.start import RESULTS
from tests.languages.language import Unavailable
from tests.rapid import namespaces
from warmkey.deploy import report
from warmkey.deploy.report.picture import NoPicture, is_possible
from warmkey.deploy.report.writing import write_drawings

PICTURES = REPOSITORY / "docs/pictures"
_ROUNDS = 20


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark, write its report and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are; 1 when it can't run on this machine.
    """
    options = _options(arguments)
    console = Console()
    on, facts, began = machine.description(), machine.facts(), datetime.now(timezone.utc)
    left_out: list[str] = []
    with ExitStack() as stack:
        try:
            with console.status("Building who is compared; the first time it takes some minutes"):
                run = parts.lab(stack, options.quick, left_out)
        except (namespaces.NamespacesRefused, Unavailable) as refusal:
            console.print(str(refusal), markup=False, highlight=False)
            return 1
        console.print(f"{len(run)} cold starts in each round.", *left_out, sep="\n", markup=False)
        if options.quick:
            deque(run.round(1), maxlen=0)
        else:
            rounds.run(console, options.rounds, run.round)
        found = bench(run.results, run.varied, began, _command(options), facts, left_out)
        if options.write:
            _write(found, options.rounds, on)
        _report(console, found, options)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="rounds that count")
    parser.add_argument("--into", type=Path, default=BUILD, help="the report's folder")
    parser.add_argument("--quick", action="store_true", help="one round, few conditions")
    parser.add_argument(
        "--write", action="store_true", help=f"write {RESULTS.name} and the README's pictures, too"
    )
    options = parser.parse_args(arguments)
    if options.quick and options.write:
        parser.error("--write keeps figures that stand for something: leave --quick out")
    return options


def _command(options: argparse.Namespace) -> str:
    """What to type to repeat it."""
    return (
        "python -m tests.bench --quick" if options.quick else f"make bench ROUNDS={options.rounds}"
    )


def _write(found: report.Bench, count: int, on: str) -> None:
    """Write what the repository keeps."""
    write_section(RESULTS, HEADING, section(found, count, on))
    PICTURES.mkdir(parents=True, exist_ok=True)
    write_drawings(found, PICTURES)


def _report(console: Console, found: report.Bench, options: argparse.Namespace) -> None:
    for table in tables(found):
        console.print()
        console.print(table.rich())
    for reason in found.footnotes:
        console.print(reason, markup=False, highlight=False)
    try:
        written = report.write(found, options.into, png=is_possible() and not options.quick)
    except NoPicture as reason:
        console.print(f"No PNG files: {reason}", markup=False, highlight=False)
        written = (options.into,)
    console.print(*written, sep="\n", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

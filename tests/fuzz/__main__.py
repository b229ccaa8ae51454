"""`make fuzz`: search every target for a long time, and print a table."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.fuzz.all import TARGETS
from tests.fuzz.search import Search, search
from tests.fuzz.target import Target

_FOUND = Path("build/fuzz")


def main(arguments: Sequence[str]) -> int:
    """Search, and print the table.

    Returns:
        The exit status: 1 when something was found, else 0.
    """
    options = _options(arguments)
    console = Console()
    targets = [target for name, target in TARGETS.items() if options.only in name]
    seed = options.seed or int(time.time())
    console.print(f"{options.executions:,} executions over {len(targets)} targets, seed {seed}")
    share = -(-options.executions // len(targets))
    with ThreadPoolExecutor(options.jobs) as jobs:
        searches = list(jobs.map(lambda target: _searched(target, share, seed, console), targets))
    console.print(_table(searches))
    found = [each for each in searches if each.finding]
    for each in found:
        console.print(f"{each.target}: {each.input}\n{each.finding}", style="red", markup=False)
    return 1 if found else 0


def _searched(target: Target, executions: int, seed: int, console: Console) -> Search:
    _FOUND.mkdir(parents=True, exist_ok=True)
    done = search(target, executions, _FOUND, seed)
    console.print(f"{target.name}: {done.executions:,} in {done.seconds:.0f} s", style="dim")
    return done


def _table(searches: Sequence[Search]) -> Table:
    table = Table("target", "executions", "seconds", "new paths", "findings", title="Fuzzing")
    for each in searches:
        table.add_row(*_row(each.target, [each]))
    table.add_section()
    table.add_row(*_row("all", searches))
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _row(name: str, searches: Sequence[Search]) -> tuple[str, ...]:
    executions = sum(each.executions for each in searches)
    seconds = sum(each.seconds for each in searches)
    paths = sum(each.new_paths for each in searches)
    found = sum(bool(each.finding) for each in searches)
    return name, f"{executions:,}", f"{seconds:.0f}", f"{paths:,}", str(found)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--executions", type=int, default=10_000_000, help="over all targets")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="targets at a time")
    parser.add_argument("--seed", type=int, default=0, help="what the choice of inputs begins with")
    parser.add_argument("--only", default="", metavar="TEXT", help="targets whose name holds it")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

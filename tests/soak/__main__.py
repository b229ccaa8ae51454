"""`make soak`: read and refresh a daemon for long, and see whether it stays flat and quick."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from tests.bench import machine
from tests.bench.page import RESULTS, Section
from tests.bench.wrk import LoadFailed
from tests.languages.language import Unavailable
from tests.rapid.layer import unpack
from tests.soak import summary
from tests.soak.endurance import Endurance, Goal, Wrong
from tests.soak.latency import Latency

HEADING = "What stays after a million reads"
_READS, _REFRESHES = 1_000_000, 10_000
_LINE = 10  # windows; without a terminal, a line says how far it is


def main(arguments: Sequence[str]) -> int:
    """Soak, and print what came of it.

    Returns:
        The exit status: 0 where everything stayed flat, else 1, whatever the latencies are.
    """
    given = _options(arguments)
    console = Console()
    on = machine.description()
    latency, endurance = Latency(), Endurance()
    try:
        _soak(console, latency, endurance, Goal(given.reads, given.refreshes))
    except (Unavailable, LoadFailed, TimeoutError, Wrong) as failure:
        console.print(str(failure), markup=False, highlight=False)
        return 1
    section = Section(
        heading=HEADING,
        ran="`make soak`",
        on=on,
        notes=f"{summary.NOTES}\n\n{summary.went_on(endurance)}",
        tables=(summary.held(endurance), summary.speed(latency)),
    )
    section.show(console)
    console.print(summary.went_on(endurance))
    if given.write:
        section.write()
    return 0 if summary.is_flat(endurance) else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--reads", type=int, default=_READS, help="how many reads, at least")
    parser.add_argument("--refreshes", type=int, default=_REFRESHES, help="and refreshes")
    parser.add_argument("--write", action="store_true", help=f"write it into {RESULTS.name}, too")
    return parser.parse_args(arguments)


def _soak(console: Console, latency: Latency, endurance: Endurance, goal: Goal) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="warmkey-soak-") as place,
        console.status("the latency of reads") as status,
    ):
        layer = unpack(Path(place, "opt"))
        for _ in latency.go(layer):
            status.update(f"the latency of reads: p99 {latency.p99:.0f} µs so far")
        console.print("The latency is measured; endurance is to come.")
        for _ in endurance.go(layer, goal):
            so_far = f"{endurance.reads:,} reads and {endurance.refreshes:,} refreshes"
            status.update(f"{so_far} so far")
            if len(endurance.windows) % _LINE == 0 and not console.is_terminal:
                console.print(f"{so_far} so far.", highlight=False)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

"""`python -m tests.bench.reads`: what a warm read costs, beside a server in Go, and its memory."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress

from rich.console import Console

from layer.build.plan import REPOSITORY
from tests.bench import machine, memory, reads_server, rounds
from tests.bench.page import write_section
from tests.bench.peers import BUILD
from tests.bench.reads_loads import measure
from tests.bench.reads_report import report
from tests.bench.reads_server import Server
from tests.bench.reads_tables import tables
from tests.bench.samples import Samples
from tests.bench.start import RESULTS
from tests.bench.tables import Table
from tests.bench.wrk import LoadFailed, program
from tests.languages.language import Unavailable

HEADING = "What a warm read costs"
JSON = BUILD / "reads.json"
"""What was measured, for the report."""
_ROUNDS = 12

NOTES = """\
Medians, with the quartiles between which half of the rounds lie; everything in turns, in one run;
the first round is thrown away. Both servers hold one secret of 32 bytes, check the same token and
answer with the same headers; the one in Go is `net/http` on a map, on as many threads as it likes.
wrk reads as fast as it is answered, a second for each figure, on one thread, which leaves the other
core of two to the server. A latency begins when the request is written, so connecting shows in the
rate alone; wrk fills in what a stalled reader would have asked. *A client's hit*: `warmkey.get()`
of a secret that this Python process has read before. *Large secrets*: {many} of {large} KB each,
fetched, then each read once, then each four times more with heads that differ."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are; 1 when nothing could be measured.
    """
    options = _options(arguments)
    console = Console()
    missing: list[str] = []
    on = machine.description()
    try:
        program()
        samples = _measured(console, options, missing)
    except (Unavailable, LoadFailed, TimeoutError) as failure:
        console.print(str(failure), markup=False, highlight=False)
        return 1
    found = list(tables(samples))
    console.print(on, highlight=False)
    for reason in missing:
        console.print(f"[bold red]Left out:[/bold red] {reason}", highlight=False)
    for table in found:
        console.print()
        console.print(table.rich())
    report(samples, JSON)
    console.print(f"{JSON.relative_to(REPOSITORY)} is for python -m warmkey.deploy.report.")
    if options.write:
        write_section(RESULTS, HEADING, _body(on, options.rounds, found, missing))
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reads", description=__doc__)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="rounds that count")
    parser.add_argument("--reads", type=int, default=memory.MILLION, help="reads for the memory")
    parser.add_argument("--write", action="store_true", help=f"write it into {RESULTS.name}, too")
    return parser.parse_args(arguments)


def _measured(console: Console, options: argparse.Namespace, missing: list[str]) -> Samples:
    samples = Samples()
    with ExitStack() as stack:
        servers = list(_servers(stack, missing))
        memory.of_prefetch(servers[0], samples)

        def measured(number: int, keep: bool) -> Iterator[str]:
            return measure(servers, number, samples if keep else Samples())

        rounds.run(console, options.rounds, measured)
        with console.status("memory") as status:
            for step in memory.over_reads(servers[0], samples, options.reads):
                status.update(step)
            for step in memory.of_large_secrets(samples):
                status.update(step)
    return samples


def _servers(stack: ExitStack, missing: list[str]) -> Iterator[Server]:
    yield stack.enter_context(reads_server.warmkey())
    try:
        yield stack.enter_context(reads_server.go())
    except Unavailable as reason:
        missing.append(f"{reads_server.GO}: {reason}")


def _body(on: str, count: int, found: Sequence[Table], missing: Sequence[str]) -> str:
    notes = NOTES.format(many=memory.MANY, large=memory.LARGE // 1024)
    parts = [f"`make bench-reads`, {count} rounds. {on}.", notes]
    parts += [table.markdown() for table in found]
    parts += [f"Left out: {reason}" for reason in missing]
    return "\n\n".join(parts)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

"""`python -m tests.bench.reads`: what a warm read costs, beside a server in Go, and its memory."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress

from rich.console import Console

from layer.build.plan import REPOSITORY
from tests.bench import machine, options, rounds
from tests.bench.page import Section
from tests.bench.peers import BUILD
from tests.bench.reads import memory, server
from tests.bench.reads.loads import measure
from tests.bench.reads.report import report
from tests.bench.reads.server import Server
from tests.bench.reads.tables import tables
from tests.bench.samples import Samples
from tests.bench.wrk import LoadFailed, program
from tests.languages.language import Unavailable

HEADING = "What a warm read costs"
JSON = BUILD / "reads.json"
"""What was measured, for the report."""
_ROUNDS = 12

NOTES = """\
Medians, with the quartiles in parentheses. Everything is interleaved in one run; the first round is
discarded. Both servers hold one secret of 32 bytes, check the same token and send the same headers.
The one in Go is `net/http` on a map, on as many threads as it likes. wrk reads as fast as it is
answered, one second for each figure, on one thread, which leaves the other core of two to the
server. A latency begins when the request is written, so connecting shows only in the rate; wrk
corrects for the requests that a stalled connection would have sent. *A client's hit*:
`warmkey.get()` of a secret that this Python process has read before. *Large secrets*: {many} of
{large} KB each, fetched, then each read once, then each four more times with different heads."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are; 1 when nothing could be measured.
    """
    given = _options(arguments)
    console = Console()
    missing: list[str] = []
    on = machine.description()
    try:
        program()
        samples = _measured(console, given, missing)
    except (Unavailable, LoadFailed, TimeoutError) as failure:
        console.print(str(failure), markup=False, highlight=False)
        return 1
    section = Section(
        heading=HEADING,
        ran=f"`make bench-reads`, {given.rounds} rounds",
        on=on,
        notes=NOTES.format(many=memory.MANY, large=memory.LARGE // 1024),
        tables=tuple(tables(samples)),
        left_out=missing,
    )
    section.show(console)
    report(samples, JSON)
    console.print(f"{JSON.relative_to(REPOSITORY)} is for python -m warmkey.deploy.report.")
    if given.write:
        section.write()
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = options.parser("tests.bench.reads", __doc__, _ROUNDS)
    parser.add_argument("--reads", type=int, default=memory.MILLION, help="reads for the memory")
    return parser.parse_args(arguments)


def _measured(console: Console, given: argparse.Namespace, missing: list[str]) -> Samples:
    samples = Samples()
    with ExitStack() as stack:
        servers = list(_servers(stack, missing))
        memory.of_prefetch(servers[0], samples)

        def measured(number: int, keep: bool) -> Iterator[str]:
            return measure(servers, number, samples if keep else Samples())

        rounds.run(console, given.rounds, measured)
        with console.status("memory") as status:
            for step in memory.over_reads(servers[0], samples, given.reads):
                status.update(step)
            for step in memory.of_large_secrets(samples):
                status.update(step)
    return samples


def _servers(stack: ExitStack, missing: list[str]) -> Iterator[Server]:
    yield stack.enter_context(server.warmkey())
    try:
        yield stack.enter_context(server.go())
    except Unavailable as reason:
        missing.append(f"{server.GO}: {reason}")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

"""`python -m tests.bench.reads`: what a warm read costs, beside others, and its memory."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import UTC, datetime
from textwrap import fill

from rich.console import Console

from tests.bench import machine, options, pictures, rounds
from tests.bench.page import Section
from tests.bench.peers import BUILD
from tests.bench.ratio_table import NOTE
from tests.bench.reads import agent, memory, server
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

NOTES = (
    "Medians, with the quartiles in parentheses. Everything is interleaved in one run; the first "
    f"round is discarded. {NOTE}",
    "All servers hold one value of 32 bytes, which they have fetched before, and check the same "
    "token. Warmkey and the server in Go answer GET /v1/secrets/ALIAS, with the value and the same "
    "headers; the latter is net/http on a map, on as many threads as it likes. Warmkey as the "
    "agent and AWS's agent, {crate} {version} as its registry has it, answer GET "
    "/secretsmanager/get?secretId=NAME, with what GetSecretValue says, as JSON. No value expires "
    "while it is measured.",
    "wrk reads as fast as it is answered, one second for each figure, on one thread, which leaves "
    "the other core of two to the server. A latency begins when the request is written, so "
    "connecting shows only in the rate; wrk corrects for the requests that a stalled connection "
    "would have sent. A client's hit: `warmkey.get()` of a secret that this Python process has "
    "read before. Large secrets: {many} of {large} KB each, fetched, then each read once, then "
    "each four more times with different heads. RSS is that of a daemon whose files were dropped "
    "from the page cache, as they are on Lambda: of files that are cached in large pieces the "
    "kernel maps, and counts, several times what is used.",
)
"""How it is measured, in paragraphs."""
_WIDTH = 100


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are; 1 when nothing could be measured.
    """
    given = _options(arguments)
    console = Console()
    missing: list[str] = []
    on, facts, began = machine.description(), machine.facts(), datetime.now(UTC)
    try:
        program()
        samples = _measured(console, given, missing)
    except (Unavailable, LoadFailed, TimeoutError) as failure:
        console.print(str(failure), markup=False, highlight=False)
        return 1
    method = _method()
    section = Section(
        heading=HEADING,
        ran=f"`make bench-reads`, {given.rounds} rounds",
        on=on,
        notes="\n\n".join(fill(paragraph, _WIDTH) for paragraph in method),
        tables=tuple(tables(samples)),
        left_out=missing,
    )
    section.publish(console, write=given.write)
    bench = report(samples, began, facts, method, missing)
    JSON.write_text(bench.to_json(), encoding="utf-8")
    console.print(f"{JSON} is for python -m warmkey.deploy.report.", soft_wrap=True)
    if given.write:
        pictures.draw_comparison(bench, "reads.svg")
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = options.parser("tests.bench.reads", __doc__, _ROUNDS)
    parser.add_argument("--reads", type=int, default=memory.MILLION, help="reads for the memory")
    return parser.parse_args(arguments)


def _measured(console: Console, given: argparse.Namespace, missing: list[str]) -> Samples:
    samples = Samples()
    with ExitStack() as stack:
        with console.status("Building who is compared; the first time it takes some minutes"):
            servers = list(_servers(stack, missing))
        with console.status("memory after the prefetch"):
            memory.of_starts(server.warmkey, samples)

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
    """All that can be had here, Warmkey first."""
    ours = stack.enter_context(server.warmkey())
    yield ours
    yield server.as_agent(ours)
    others: dict[str, Callable[[], AbstractContextManager[Server]]] = {
        server.GO: server.go,
        server.AGENT: agent.agent,
    }
    for label, other in others.items():
        try:
            yield stack.enter_context(other())
        except Unavailable as reason:
            missing.append(f"{label}: {reason}")


def _method() -> tuple[str, ...]:
    return tuple(
        paragraph.format(
            crate=agent.CRATE,
            version=agent.VERSION,
            many=memory.MANY,
            large=memory.LARGE // 1024,
        )
        for paragraph in NOTES
    )


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

"""`make bench-start`: what a start costs with Warmkey and with others, in one run."""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from tests.bench import machine, peers, rounds
from tests.bench.cold_start import StartFailed
from tests.bench.functions import Runtime, node_function, python_function
from tests.bench.page import write_section
from tests.bench.page_cache import StillCached
from tests.bench.peer import Peer
from tests.bench.run import Run
from tests.bench.samples import Samples
from tests.bench.tables import Table, tables
from tests.bench.world import World
from tests.languages.language import Unavailable
from tests.rapid import namespaces
from tests.rapid.sandbox import FunctionError

RESULTS = Path(__file__).with_name("RESULTS.md")
_ROUNDS = 20

NOTES = """\
Medians, with the quartiles between which half of the rounds lie. Everything in turns, in one run;
the first round is thrown away. *Cold*: the extension's files dropped from the page cache before
each start, as in a fresh sandbox. *Secret*: a reader that tries from the first instant has the
value over the extension's local endpoint. *Next*: the extension has asked for its first event.
*No head start*: Lambda starts Warmkey's interpreter itself, without the launcher.
*Added to INIT*: INIT REPORT of AWS's own Rapid core with the extension, less without any in the
same round, for a function that does nothing. SSM is a fake over TLS on this machine, without
latency but where it says so; it checks nothing. Each trusts what it would trust in life and the
fake's authority: the Go and boto3 extensions the system's {roots} roots, Warmkey the one that it
reads of its layer's."""


def main(arguments: list[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are; 1 when something did not start.
    """
    options = _options(arguments)
    console = Console()
    missing: list[str] = []
    with console.status("Building who is compared; the first time it takes some minutes"):
        extensions = list(_available(peers.BUILDERS, missing))
        runtimes = list(_runtimes(missing))
    for reason in missing:
        console.print(f"[bold red]Left out:[/bold red] {reason}", highlight=False)
    on = machine.description()
    try:
        samples = _measured(console, extensions, runtimes, options.rounds)
    except (StartFailed, StillCached, FunctionError, TimeoutError) as failure:
        console.print(str(failure), markup=False, highlight=False)
        return 1
    found = list(tables(samples, [peer.label for peer in extensions]))
    console.print(on, highlight=False)
    for table in found:
        console.print()
        console.print(table.rich())
    if options.write:
        write_section(RESULTS, "What a start costs", _body(on, options.rounds, found, missing))
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="rounds that count")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}, too")
    return parser.parse_args(arguments)


def _available(labels: Iterable[str], missing: list[str]) -> Iterable[Peer]:
    for label in labels:
        try:
            yield peers.BUILDERS[label](peers.BUILD)
        except Unavailable as reason:
            missing.append(f"{label}: {reason}")


def _runtimes(missing: list[str]) -> Iterable[Runtime]:
    try:
        namespaces.isolation()
    except namespaces.NamespacesRefused as refusal:
        missing.append(f"INIT: {refusal}")
        return
    yield python_function()
    try:
        yield node_function()
    except Unavailable as reason:
        missing.append(f"INIT of a Node function: {reason}")


def _measured(
    console: Console, extensions: list[Peer], runtimes: list[Runtime], count: int
) -> Samples:
    samples = Samples()
    with (
        tempfile.TemporaryDirectory(prefix="warmkey-bench-") as place,
        World(Path(place)) as world,
    ):
        run = Run(extensions, runtimes, world, Path(place, "log"), samples)
        rounds.run(console, count, run.round)
    return samples


def _body(on: str, count: int, found: Iterable[Table], missing: Iterable[str]) -> str:
    notes = NOTES.format(roots=_count_roots())
    parts = [f"`make bench-start`, {count} rounds. {on}.", notes]
    parts += [table.markdown() for table in found]
    parts += [f"Left out: {reason}" for reason in missing]
    return "\n\n".join(parts)


def _count_roots() -> int:
    return peers.system_roots().read_text(encoding="utf-8").count("-----BEGIN CERTIFICATE-----")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

"""`make bench-start`: what a start costs with Warmkey and with others, in one run."""

import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from tests.bench import machine, options, peers, rounds
from tests.bench.functions import Runtime, node_function, python_function
from tests.bench.page import Section
from tests.bench.peer import Peer
from tests.bench.samples import Samples
from tests.bench.start.cold_start import StartFailed
from tests.bench.start.page_cache import StillCached
from tests.bench.start.run import Run
from tests.bench.start.tables import tables
from tests.bench.world import World
from tests.languages.language import Unavailable
from tests.rapid import namespaces
from tests.rapid.sandbox import FunctionError

HEADING = "What a start costs"
_ROUNDS = 20

NOTES = """\
Medians, with the quartiles in parentheses. Everything is interleaved in one run; the first round is
discarded. *Cold*: the extension's files are dropped from the page cache before each start, as in a
new environment. *Secret*: a reader that tries from the beginning has the value from the extension's
local endpoint. *Next*: the extension has asked for its first event. *No head start*: Lambda starts
Warmkey's interpreter itself, without the launcher. *Added to INIT*: what the INIT REPORT of AWS's
own Rapid core says for a function that does nothing, minus what it says without an extension in the
same round. SSM is a fake over TLS on this machine, without latency unless stated, and it checks no
signature. Each extension trusts what it would trust on Lambda and the fake's authority: the Go and
boto3 extensions the system's {roots} roots, Warmkey the one root that it reads from its layer."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are; 1 when something did not start.
    """
    given = options.parser("tests.bench.start", __doc__, _ROUNDS).parse_args(arguments)
    console = Console()
    missing: list[str] = []
    with console.status("Building who is compared; the first time it takes some minutes"):
        extensions = list(_available(peers.BUILDERS, missing))
        runtimes = list(_runtimes(missing))
    for reason in missing:
        console.print(reason, markup=False, highlight=False)
    on = machine.description()
    try:
        samples = _measured(console, extensions, runtimes, given.rounds)
    except (StartFailed, StillCached, FunctionError, TimeoutError) as failure:
        console.print(str(failure), markup=False, highlight=False)
        return 1
    section = Section(
        heading=HEADING,
        ran=f"`make bench-start`, {given.rounds} rounds",
        on=on,
        notes=NOTES.format(roots=_count_roots()),
        tables=tuple(tables(samples, [peer.label for peer in extensions])),
        left_out=missing,
    )
    section.show(console)
    if given.write:
        section.write()
    return 0


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


def _count_roots() -> int:
    return peers.system_roots().read_text(encoding="utf-8").count("-----BEGIN CERTIFICATE-----")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

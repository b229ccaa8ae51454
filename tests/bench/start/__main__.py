"""`make bench-start`: what a start costs with Warmkey and with others, in one run."""

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill

from rich.console import Console

from tests.bench import functions, machine, options, peers, pictures, rounds
from tests.bench.functions import Runtime
from tests.bench.page import Section
from tests.bench.peer import Peer
from tests.bench.ratio_table import NOTE
from tests.bench.samples import Samples
from tests.bench.start.cold_start import StartFailed
from tests.bench.start.page_cache import StillCached, read_ahead
from tests.bench.start.report import report
from tests.bench.start.run import Run
from tests.bench.start.tables import tables
from tests.bench.world import World
from tests.languages.language import Unavailable
from tests.rapid import namespaces
from tests.rapid.sandbox import FunctionError

HEADING = "What a start costs"
JSON = peers.BUILD / "start.json"
"""Every sample, for the report."""
_ROUNDS = 20

NOTES = (
    "Medians, with the quartiles in parentheses. Everything is interleaved in one run; the first "
    f"round is discarded. {NOTE}",
    "Cold: the extension's files are dropped from the page cache before each start, as in a new "
    "environment. Secret: a reader that tries from the beginning has the value from the "
    "extension's local endpoint. Answer after 30 ms: SSM takes 30 ms for each call, and nothing "
    "for a connection. 30 ms away: each round trip takes 30 ms, so TCP, TLS 1.3 and the call take "
    "90. One core: the extension, or the function with it, has one core, and SSM the others. Next: "
    "the extension has asked for its first event; RSS is its resident memory then. Read from disk: "
    "what a cold start leaves of the extension's files in the page cache, in whole pages, as "
    "mincore(2) has it; what the kernel reads ahead from this disk, {read_ahead}, is in it. No "
    "head start: Lambda starts Warmkey's interpreter itself, without the launcher. Added to INIT: "
    "what the INIT REPORT of AWS's own Rapid core says for a function that does nothing, minus "
    "what it says without an extension in the same round.",
    "SSM is a fake over TLS on this machine, without latency unless stated, and it checks no "
    "signature. Its chain of certificates is of the kind that AWS's services show: RSA with 2048 "
    "bits, and an authority between theirs and the root. Plain Go is 270 lines on the AWS SDK for "
    "Go v2; lean Go is the same with a signer of its own instead of the SDK. Each extension trusts "
    "what it would trust on Lambda and the fake's authority: the Go and boto3 extensions the "
    "system's {roots} roots, Warmkey the one root that it reads from its layer.",
)
"""How it is measured, in paragraphs."""
_WIDTH = 100


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
    on, facts, began = machine.description(), machine.facts(), datetime.now(UTC)
    try:
        samples = _measured(console, extensions, runtimes, given.rounds)
    except (StartFailed, StillCached, FunctionError, TimeoutError) as failure:
        console.print(str(failure), markup=False, highlight=False)
        return 1
    labels, method = [peer.label for peer in extensions], _method()
    section = Section(
        heading=HEADING,
        ran=f"`make bench-start`, {given.rounds} rounds",
        on=on,
        notes="\n\n".join(fill(paragraph, _WIDTH) for paragraph in method),
        tables=tuple(tables(samples, labels)),
        left_out=missing,
    )
    section.publish(console, write=given.write)
    bench = report(samples, labels, began, facts, method, missing)
    JSON.write_text(bench.to_json(), encoding="utf-8")
    console.print(f"{JSON} is for python -m warmkey.deploy.report.", soft_wrap=True)
    if given.write:
        pictures.draw_comparison(bench, "start.svg")
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
    built: dict[str, Callable[[], Runtime]] = {
        functions.PYTHON: functions.python_function,
        functions.NODE: functions.node_function,
        functions.GO: functions.go_function,
    }
    for label, build in built.items():
        try:
            yield build()
        except Unavailable as reason:
            missing.append(f"INIT of a {label} function: {reason}")


def _measured(
    console: Console, extensions: list[Peer], runtimes: list[Runtime], count: int
) -> Samples:
    samples = Samples()
    with (
        tempfile.TemporaryDirectory(prefix="warmkey-bench-") as place,
        World(Path(place)) as world,
    ):
        run = Run(extensions, runtimes, world, samples)
        rounds.run(console, count, run.round)
    return samples


def _method() -> tuple[str, ...]:
    certificates = peers.system_roots().read_text(encoding="utf-8")
    roots = certificates.count("-----BEGIN CERTIFICATE-----")
    kilobytes = read_ahead(peers.BUILD)
    ahead = "as much as it does" if kilobytes is None else f"up to {kilobytes} KB"
    return tuple(paragraph.format(roots=roots, read_ahead=ahead) for paragraph in NOTES)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

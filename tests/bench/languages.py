"""`make bench-languages`: what Warmkey costs a function, in every language, in one run."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from layer.build import targets
from layer.build.plan import REPOSITORY
from tests.bench import machine, peers, rounds
from tests.bench.clients import client
from tests.bench.example_lines import warmkey_lines
from tests.bench.language_run import LanguageRun, Subject
from tests.bench.page import write_section
from tests.bench.peer import Peer
from tests.bench.samples import Samples
from tests.bench.start import RESULTS
from tests.bench.tables import Table
from tests.bench.world import World
from tests.languages.all import LANGUAGES
from tests.languages.language import Unavailable
from tests.rapid import namespaces
from tests.rapid.layer import zip_of
from tests.rapid.ports import ReservedPort
from tests.rapid.sandbox import FunctionError

HEADING = "What it costs in each language"
_ROUNDS = 20
_COLUMNS = {
    "cold start without": "without",
    "with the layer": "with",
    "added": "added",
    "example": "example",
    "RSS of the function": "function rss",
    "of the extension": "extension rss",
}

NOTES = """\
Medians, with the quartiles between which half of the rounds lie; everything in turns, in one run,
with a warm page cache; the first round is thrown away. *Cold start*: INIT REPORT of AWS's own
Rapid core, in ms. *Without*: a function that answers the environment variable `KEY`, with the
secret in clear. *With the layer*: the same function with Warmkey's layer attached and one secret
declared, which INIT waits for. *Added*: the difference, pair by pair. *Example*: the function in
`handler_example`, with its own libraries, which reads its key when it starts. *RSS*: resident
memory of all processes of the function, and of the extension beside it, in MB, after an invoke.
*Lines*: lines of code of the example that name Warmkey, and, with a plus, those of the file that
is copied; none of a client that comes with the layer. SSM is a fake over TLS on this machine,
without latency."""


def main(arguments: list[str]) -> int:
    """Run the benchmark and print what came of it as Markdown.

    Returns:
        The exit status: 0, whatever the figures are; 1 when something did not start.
    """
    options = _options(arguments)
    console = Console(stderr=True)
    try:
        namespaces.isolation()
        with console.status("Building the functions; the first time it takes some minutes"):
            missing: list[str] = []
            subjects = list(_subjects(options.language, missing))
            zip_of(targets.host())
            layer = peers.unpack_ours(peers.BUILD / "languages")
        samples = _measured(console, subjects, layer, options.rounds)
    except (namespaces.NamespacesRefused, FunctionError, TimeoutError) as failure:
        console.print(str(failure), markup=False, highlight=False)
        return 1
    body = _section(
        options.rounds, table(samples, [subject.label for subject in subjects]), missing
    )
    sys.stdout.write(f"# {HEADING}\n\n{body}\n")
    if options.write:
        write_section(RESULTS, HEADING, body)
    return 0


def table(samples: Samples, labels: Sequence[str]) -> Table:
    """The table, with a row for each language."""
    rows = tuple(
        (
            label,
            client(label),
            warmkey_lines(_example(label)),
            *(str(samples.figure(label, what) or "-") for what in _COLUMNS.values()),
        )
        for label in labels
    )
    return Table("Cold start, ms; memory, MB", ("", "runtime client", "lines", *_COLUMNS), rows)


def _example(language: str) -> Path:
    return REPOSITORY / "handler_example" / language.partition(".")[0].lower()


def _options(arguments: list[str]) -> argparse.Namespace:
    names = [language.name for language in LANGUAGES]
    parser = argparse.ArgumentParser(prog="python -m tests.bench.languages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="rounds that count")
    parser.add_argument("--language", choices=names, action="append", help="only this one")
    parser.add_argument("--write", action="store_true", help=f"write it into {RESULTS.name}, too")
    options = parser.parse_args(arguments)
    if options.write and options.language:
        parser.error("--write takes the place of a table of all languages: leave --language out")
    return options


def _subjects(names: Sequence[str] | None, missing: list[str]) -> Iterator[Subject]:
    for language in LANGUAGES:
        if names and language.name not in names:
            continue
        try:
            yield Subject(language.name, language.example(), language.plain())
        except Unavailable as reason:
            missing.append(f"{language.name}: {reason}")


def _measured(console: Console, subjects: Sequence[Subject], layer: Peer, count: int) -> Samples:
    samples = Samples()
    with (
        tempfile.TemporaryDirectory(prefix="warmkey-bench-") as place,
        World(Path(place)) as world,
        ReservedPort() as closed,
    ):
        nowhere = f"http://{closed.address}"
        run = LanguageRun(subjects, layer, world, Path(place), nowhere, samples)
        rounds.run(console, count, run.round)
    return samples


def _section(count: int, found: Table, missing: Sequence[str]) -> str:
    ran = f"`make bench-languages`, {count} rounds. {machine.description()}."
    left_out = [f"Left out: {reason}" for reason in missing]
    return "\n\n".join([ran, NOTES, found.markdown(), *left_out])


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

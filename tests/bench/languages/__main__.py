"""`make bench-languages`: what Warmkey costs a function, in every language, in one run."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from tests.bench import machine, options, peers, rounds
from tests.bench.languages.run import LanguageRun, Subject
from tests.bench.languages.tables import table
from tests.bench.page import Section
from tests.bench.peer import Peer
from tests.bench.samples import Samples
from tests.bench.world import World
from tests.languages.all import LANGUAGES
from tests.languages.language import Unavailable
from tests.rapid import namespaces
from tests.rapid.ports import ReservedPort
from tests.rapid.sandbox import FunctionError

HEADING = "What it costs in each language"
_ROUNDS = 20

NOTES = """\
Medians, with the quartiles in parentheses. Everything is interleaved in one run, with a warm page
cache; the first round is discarded. *Cold start*: what the INIT REPORT of AWS's own Rapid core
says, in ms. *Without*: a function that returns the environment variable `KEY`, with the secret in
plain text. *With the layer*: the same function with Warmkey's layer and one declared secret, which
INIT waits for. *Added*: the difference within a round. *Example*: the function in
`handler_example`, with its own libraries, which reads its key when it starts. *RSS*: resident
memory of all processes of the function, and of the extension, in MB, after an invocation. *Lines*:
lines of code of the example that name Warmkey and, after the plus, those of the file that is
copied; a client that comes with the layer counts none. SSM is a fake over TLS on this machine,
without latency."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are; 1 when something did not start.
    """
    given = _options(arguments)
    console = Console()
    missing: list[str] = []
    try:
        namespaces.isolation()
        with console.status("Building the functions; the first time it takes some minutes"):
            subjects = list(_subjects(given.language, missing))
            layer = peers.unpack_ours(peers.BUILD / "languages")
        on = machine.description()
        samples = _measured(console, subjects, layer, given.rounds)
    except (namespaces.NamespacesRefused, FunctionError, TimeoutError) as failure:
        console.print(str(failure), markup=False, highlight=False)
        return 1
    section = Section(
        heading=HEADING,
        ran=f"`make bench-languages`, {given.rounds} rounds",
        on=on,
        notes=NOTES,
        tables=(table(samples, [subject.label for subject in subjects]),),
        left_out=missing,
    )
    section.publish(console, write=given.write)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    names = [language.name for language in LANGUAGES]
    parser = options.parser("tests.bench.languages", __doc__, _ROUNDS)
    parser.add_argument("--language", choices=names, action="append", help="only this one")
    given = parser.parse_args(arguments)
    if given.write and given.language:
        parser.error("--write takes the place of a table of all languages: leave --language out")
    return given


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


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

"""`python -m tests.bench.exec_wrapper`: what `/opt/warmkey-exec` adds to a runtime's start."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench import machine
from tests.bench.page import write_section
from tests.bench.samples import Samples
from tests.bench.start import RESULTS
from tests.bench.tables import Table
from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.rapid.layer import unpack

HEADING = "What the exec wrapper adds"
BUDGET = 15.0
"""Milliseconds added, with one secret."""

_PROGRAM = "/bin/true"
_SECRETS = (1, 50)
_ROUNDS = 100
_COLUMNS = ("bare", "wrapped", "added", "CPU added")

NOTES = """\
Medians, with the quartiles between which half of the rounds lie; the first round is thrown away.
Each round starts a program that does nothing, by itself and through the built layer's wrapper, in
turns; what counts is the time until it has ended. *Added*: the difference, pair by pair. The
daemon runs and has its secrets, as when Lambda starts the runtime, so the interpreter's pages are
in memory."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it as Markdown.

    Returns:
        The exit status: 0, whatever the figures are.
    """
    options = _options(arguments)
    samples = Samples()
    for secrets in _SECRETS:
        with _function(secrets) as (wrapper, environment):
            for number in range(1 + options.rounds):
                kept = samples if number else Samples()
                _round(wrapper, environment, str(secrets), kept)
    added = samples.median(str(_SECRETS[0]), "added") or 0.0
    verdict = "met" if added <= BUDGET else "NOT MET"
    body = "\n\n".join(
        (
            f"{machine.description()}; {options.rounds} rounds",
            NOTES,
            _table(samples).markdown(),
            f"Budget: at most {BUDGET:g} ms added with one secret: {verdict}.",
        )
    )
    sys.stdout.write(f"# {HEADING}\n\n{body}\n")
    if options.write:
        write_section(RESULTS, HEADING, body)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.exec_wrapper", description=__doc__)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="rounds that count")
    parser.add_argument("--write", action="store_true", help=f"write it into {RESULTS.name}, too")
    return parser.parse_args(arguments)


@contextmanager
def _function(secrets: int) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The wrapper, and the variables of a function with so many secrets, beside its daemon."""
    names = [f"SECRET_{number}" for number in range(secrets)]
    variables = {name: f"warmkey:/{name}" for name in names}
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warmkey-bench-")))
        layer = unpack(place / "opt")
        aws = stack.enter_context(FakeAws())
        for name in names:
            aws.parameters.put(f"/{name}", f"the secret {name}")
        api = stack.enter_context(FakeRuntimeApi())
        daemon = stack.enter_context(Daemon(layer, api, {**aws.environment(), **variables}))
        daemon.wait_until_ready()
        own = {"AWS_SESSION_TOKEN": daemon.token, "WARMKEY_PORT": str(daemon.port)}
        yield str(layer / "warmkey-exec"), {**own, **variables}


def _round(wrapper: str, environment: Mapping[str, str], label: str, samples: Samples) -> None:
    bare, bare_cpu = _run([_PROGRAM], environment)
    wrapped, wrapped_cpu = _run([wrapper, _PROGRAM], environment)
    figures = (bare, wrapped, wrapped - bare, wrapped_cpu - bare_cpu)
    for what, value in zip(_COLUMNS, figures, strict=True):
        samples.add(label, what, value)


def _run(command: list[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """How long a command took until it had ended, and its CPU time, in milliseconds."""
    began = time.perf_counter()
    pid = os.posix_spawn(command[0], command, environment, setsigdef=[signal.SIGPIPE])
    _, status, usage = os.wait4(pid, 0)
    took = time.perf_counter() - began
    if status:
        raise SystemExit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return 1000 * took, 1000 * (usage.ru_utime + usage.ru_stime)


def _table(samples: Samples) -> Table:
    rows = tuple(
        (str(secrets), *(str(samples.figure(str(secrets), what)) for what in _COLUMNS))
        for secrets in _SECRETS
    )
    return Table("From spawn to the program's end, ms", ("secrets", *_COLUMNS), rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

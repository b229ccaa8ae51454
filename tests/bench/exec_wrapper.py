"""`python -m tests.bench.exec_wrapper`: what `/opt/warmkey-exec` adds to a runtime's start."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from rich.console import Console

from tests.bench import machine, options, verdict
from tests.bench.page import Section
from tests.bench.samples import Samples
from tests.bench.table import Table
from tests.bench.verdict import Verdict
from tests.fakes.aws import FakeAws
from tests.fakes.runtime_api import FakeRuntimeApi
from tests.integration.daemon import Daemon
from tests.rapid.layer import unpack

HEADING = "What the exec wrapper adds"
BUDGET = 4.0
"""Milliseconds added, with one secret."""

_PROGRAM = "/bin/true"
_SECRETS = (1, 50)
_ROUNDS = 100
_COLUMNS = ("bare", "wrapped", "added", "CPU added")

NOTES = """\
Medians, with the quartiles in parentheses; the first round is discarded. Each round runs a program
that does nothing, once directly and once through the built layer's wrapper, and measures the time
until it has ended. *Added*: the difference within a round. The daemon is running and has its
secrets, as when Lambda starts the runtime, so the interpreter is in the page cache."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0, whatever the figures are.
    """
    given = options.parser("tests.bench.exec_wrapper", __doc__, _ROUNDS).parse_args(arguments)
    console = Console()
    samples = Samples()
    on = machine.description()
    for secrets in _SECRETS:
        with console.status(f"secrets: {secrets}"), _function(secrets) as (wrapper, environment):
            for number in range(1 + given.rounds):
                kept = samples if number else Samples()
                _round(wrapper, environment, str(secrets), kept)
    section = Section(
        heading=HEADING,
        ran=f"`make bench-exec`, {given.rounds} rounds",
        on=on,
        notes=NOTES,
        tables=(_table(samples), verdict.table("Budget, median", [_verdict(samples)])),
    )
    section.publish(console, write=given.write)
    return 0


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


def _verdict(samples: Samples) -> Verdict:
    return Verdict("added with one secret, ms", "≤", BUDGET, samples.median("1", "added"))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

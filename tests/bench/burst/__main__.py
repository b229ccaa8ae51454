"""`python -m tests.bench.burst`: many cold starts at one instant, against an account's quota."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress

from rich.console import Console

from tests.bench import machine, options
from tests.bench.burst import model
from tests.bench.burst.run import SECRETS, Burst, burst
from tests.bench.burst.tables import tables
from tests.bench.page import Section
from tests.fakes.quota import Quota

HEADING = "What a burst of cold starts costs"
_STARTS = 200
_ROUNDS = 3
_RATE = 40
"""Calls a second: the default quota of an account's reads of parameters, and a bucket of as many.

Source: "AWS Systems Manager endpoints and quotas" in AWS's General Reference.
"""

NOTES = """\
{starts} processes of the built extension start at the same instant. Each has {secrets} parameters
declared, so each makes one call over TLS to an SSM that allows {rate} calls a second, with a burst
of as many: the last could be through after {fewest:.0f} s. That SSM checks every signature and
throttles as AWS does. The figures are seconds from that instant until a reader, which tries from
the beginning, has a secret. Extensions, readers and SSM share this machine's cores, whereas on
Lambda each environment has its own. *In a model*: the same backoff where a start takes no time,
with and without its jitter."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0 where every start had its secret, else 1.
    """
    given = _options(arguments)
    console = Console()
    on = machine.description()
    bursts: list[Burst] = []
    for number in range(given.rounds):
        with console.status(f"burst {number + 1} of {given.rounds}: {given.starts} starts"):
            bursts.append(burst(given.starts, Quota(_RATE, _RATE)))
    section = Section(
        heading=HEADING,
        ran=f"`make bench-burst`, {given.rounds} bursts",
        on=on,
        notes=_notes(given.starts),
        tables=tuple(tables(bursts, _models(given.starts))),
    )
    section.publish(console, write=given.write)
    lost = [each for each in bursts if len(each.times) < each.starts]
    for each in lost:
        console.print(each.said[-4000:], markup=False, highlight=False)
    return 1 if lost else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = options.parser("tests.bench.burst", __doc__, _ROUNDS)
    parser.add_argument("--starts", type=int, default=_STARTS, help="how many at one instant")
    return parser.parse_args(arguments)


def _notes(starts: int) -> str:
    fewest = max(0, starts - _RATE) / _RATE
    return NOTES.format(starts=starts, secrets=SECRETS, rate=_RATE, fewest=fewest)


def _models(starts: int) -> dict[str, Sequence[float]]:
    """Bursts in the model, by what the table calls them."""
    fractions = {
        "in a model, with jitter": model.with_jitter(seed=1),
        "in a model, without": model.without_jitter,
    }
    return {
        name: model.burst(starts, _RATE, _RATE, fraction) for name, fraction in fractions.items()
    }


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

"""`python -m tests.bench.burst`: many cold starts at one instant, against an account's quota."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress

from rich.console import Console

from tests.bench import burst_model, machine
from tests.bench.burst_run import SECRETS, Burst, burst
from tests.bench.burst_tables import table, verdict
from tests.bench.page import write_section
from tests.bench.start import RESULTS
from tests.fakes.quota import Quota

HEADING = "What a burst of cold starts costs"
_STARTS = 200
_ROUNDS = 3
_RATE = 40
"""Calls a second: the default quota of an account's reads of parameters, and a bucket of as many.

Source: "AWS Systems Manager endpoints and quotas" in AWS's General Reference.
"""

NOTES = """\
{starts} processes of the built extension are let go at one instant; each has {secrets} parameters
declared, which is one call over TLS to an SSM that lets {rate} calls a second through, and as many
at once at first: all can be through after {fewest:.0f} s. It checks every signature, and throttles
the others as AWS does. Seconds from that instant until a reader has a secret, who reads from the
first moment on; all that runs, extensions, readers and SSM, shares this machine's cores, while in
life each start has its own. *In a model*: the same waits where a start takes no time, with the
jitter that they have and without."""


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark and print what came of it.

    Returns:
        The exit status: 0 where every start had its secret, else 1.
    """
    options = _options(arguments)
    console = Console()
    bursts: list[Burst] = []
    for number in range(options.rounds):
        with console.status(f"burst {number + 1} of {options.rounds}: {options.starts} starts"):
            bursts.append(burst(options.starts, Quota(_RATE, _RATE)))
    on = machine.description()
    found = table(bursts, _models(options.starts))
    console.print(on, highlight=False)
    console.print()
    console.print(found.rich())
    console.print(verdict(bursts))
    lost = [each for each in bursts if len(each.times) < each.starts]
    for each in lost:
        console.print(each.said[-4000:], markup=False, highlight=False)
    if options.write:
        fewest = max(0, options.starts - _RATE) / _RATE
        notes = NOTES.format(starts=options.starts, secrets=SECRETS, rate=_RATE, fewest=fewest)
        first = f"`make bench-burst`, bursts: {options.rounds}. {on}."
        body = "\n\n".join((first, notes, found.markdown(), verdict(bursts)))
        write_section(RESULTS, HEADING, body)
    return 1 if lost else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.burst", description=__doc__)
    parser.add_argument("--starts", type=int, default=_STARTS, help="how many at one instant")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="how many bursts")
    parser.add_argument("--write", action="store_true", help=f"write it into {RESULTS.name}, too")
    return parser.parse_args(arguments)


def _models(starts: int) -> dict[str, Sequence[float]]:
    """Bursts in the model, by what the table calls them."""
    fractions = {
        "in a model, with jitter": burst_model.with_jitter(seed=1),
        "in a model, without": burst_model.without_jitter,
    }
    return {
        name: burst_model.burst(starts, _RATE, _RATE, fraction)
        for name, fraction in fractions.items()
    }


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)

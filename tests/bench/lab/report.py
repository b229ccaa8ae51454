"""The report of a run: what the page and the pictures are made of."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tests.bench.functions import PYTHON
from tests.bench.lab.cell import SHOWN, Dimension, cells
from tests.bench.lab.experiments import experiments, in_hand
from tests.bench.lab.ratios import ratios
from tests.bench.lab.results import Results
from tests.bench.lab.waterfall import waterfall
from tests.bench.lab.way import BOTO3, CLIENT
from tests.bench.machine import Facts
from warmkey.deploy.report import Bench, ColdStart

METHOD = (
    "Functions start on AWS's own Rapid core (the Runtime Interface Emulator) with AWS's own "
    "runtime clients, each in its own namespaces. All variants are interleaved under all "
    "conditions in one run, so that a disturbance affects all of them. Each round begins with "
    "another variant, and the first round is discarded. Nothing is retried: a start that fails is "
    "counted and listed below.",
    "In hand: from INIT START in the core's log, which has a resolution of a millisecond, until "
    "the function's code at module level has every value. INIT: what the core's INIT REPORT says. "
    "Added to INIT: that, minus what it says in the same round for a function that has its "
    "secrets in plain text. Ratios are of rounds in which both started.",
    "SSM is a fake over TLS on this machine that checks no signature and answers at once. Latency "
    "is what a new connection waits for its TLS handshake; calls on an open connection have none. "
    "The fake and the measurement use CPU time of the same machine, but not of a quota.",
    "Nothing at all: the values are plain environment variables. boto3, Powertools and the AWS SDK "
    "read in the fewest calls possible. Bundled: with the function in one minified file, by "
    "esbuild. The plain Go extension is 270 lines on the AWS SDK for Go v2, without a cache, "
    "settings or helpful errors; functions ask it by plain HTTP. Every file comes from a warm page "
    "cache. Each variant trusts what it would trust on Lambda, and the fake's authority.",
)
QUOTAS = (
    "CPU quotas: control groups with a period of 20 ms limit the core and everything that it "
    "starts to the share of a vCPU that AWS documents for this memory size. Lambda may give a "
    "function more during INIT: read these figures as the effect of little CPU on each variant, "
    "not as Lambda's own. At 128 MB, where a start takes seconds, not every variant is started."
)
TITLES = {CLIENT: "With Warmkey", BOTO3: "Without: boto3 in the function"}
"""The ways that have a waterfall, and what it is called."""


def bench(
    results: Results,
    varied: Sequence[Dimension],
    when: datetime,
    command: str,
    machine: Facts,
    left_out: Iterable[str],
) -> Bench:
    """All that the report shows.

    Args:
        results: What was measured.
        varied: What was varied.
        when: When the run began.
        command: What to type to repeat it.
        machine: What it was measured on.
        left_out: What could not be measured, and why.
    """
    conditions = tuple(cells(varied))
    return Bench(
        title="What a secret costs a cold start",
        subject="AWS's Rapid core on this machine",
        when=when,
        command=command,
        machine=machine,
        method=(*METHOD, *([QUOTAS] if any(cell.memory for cell in conditions) else [])),
        cold_starts=tuple(_cold_starts(results)),
        experiments=tuple(experiments(results, varied)),
        ratios=tuple(ratios(results, conditions)),
        footnotes=(*left_out, *results.failures()),
    )


def _cold_starts(results: Results) -> Iterator[ColdStart]:
    for way, title in TITLES.items():
        start = results.median_start(SHOWN, (PYTHON, way))
        if start:
            n = len(results.samples(SHOWN, (PYTHON, way), in_hand))
            note = f"The median one of {n} starts of a Python function; {SHOWN.label}."
            yield waterfall(start, way, title, SHOWN.secrets, note)

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
from warmkey.deploy.report import Bench, ColdStart

Facts = tuple[tuple[str, str], ...]

METHOD = (
    "Functions start on AWS's own Rapid core (the Runtime Interface Emulator) with AWS's own "
    "runtime clients, each in namespaces of its own. All of them start in turns, under all "
    "conditions, in one run: what disturbs one disturbs all. Each round begins with another one, "
    "and the first round is thrown away. Nobody starts twice: a start that fails is counted and "
    "told below.",
    "In hand: from the core's INIT START, which its log has to the millisecond, until the "
    "function's code at module level has every value. INIT: what the core's INIT REPORT says. "
    "Added to INIT: that, less what it says of a function of the same round that has its secrets "
    "in clear. Ratios are of rounds in which both started.",
    "SSM is a fake over TLS on this machine, which checks nothing and answers at once. Latency is "
    "what a new connection waits for its TLS handshake; a call over a connection that stands has "
    "none. It, and what measures, take CPU time of the same machine, but not of a quota.",
    "Nothing at all: the values stand in the environment in clear. boto3, Powertools and the AWS "
    "SDK read in as few calls as there can be. Bundled: with the function in one minified file, "
    "by esbuild. The plain Go extension is 230 lines on the AWS SDK for Go v2, without a cache, "
    "settings or errors that help; functions ask it by plain HTTP. Every file comes from a warm "
    "page cache. Each trusts what it would trust in life, and the fake's authority.",
)
QUOTAS = (
    "CPU quotas: control groups with a period of 20 ms hold the core and everything that it starts "
    "to the share of a vCPU that AWS's guide gives a function of this memory. Lambda itself may "
    "give a function more during INIT: take these as what little CPU does to each, not as "
    "Lambda's own figures. At 128 MB, where a start takes seconds, not everyone starts."
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

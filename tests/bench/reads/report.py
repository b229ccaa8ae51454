"""What a run of reads measured, for the report and its picture."""

from collections.abc import Sequence
from datetime import datetime

from tests.bench.machine import Facts
from tests.bench.reads.loads import LOADS
from tests.bench.reads.ratios import ratios
from tests.bench.reads.server import AGENT, GO, OURS, OURS_AS_AGENT
from tests.bench.samples import Samples
from warmkey.deploy.report import Bench, Experiment, Series
from warmkey.deploy.report.data.role import Role

_ROLES: dict[str, Role] = {OURS: "ours", GO: "anchor", OURS_AS_AGENT: "ours", AGENT: "other"}


def report(
    samples: Samples, when: datetime, on: Facts, method: Sequence[str], left_out: Sequence[str]
) -> Bench:
    """What was measured.

    Args:
        samples: Every sample.
        when: When the run began.
        on: What it ran on.
        method: How it was measured, in paragraphs.
        left_out: What could not be measured, and why.
    """
    return Bench(
        title="What a warm read costs",
        subject="the built daemon beside AWS's agent and a server in Go",
        when=when,
        command="make bench-reads",
        machine=on,
        method=tuple(method),
        experiments=(_rates(samples), _latencies(samples)),
        ratios=tuple(ratios(samples)),
        footnotes=tuple(left_out),
    )


def _rates(samples: Samples) -> Experiment:
    return Experiment(
        "Warm reads",
        "connections",
        "reads/s",
        tuple(LOADS),
        _series(samples, "rate", 1000),
        "wrk on one thread, as fast as it is answered.",
        better="higher",
        scale="log",
    )


def _latencies(samples: Samples) -> Experiment:
    return Experiment(
        "The slowest of a hundred warm reads",
        "connections",
        "µs",
        tuple(LOADS),
        _series(samples, "p99"),
        "The 99th percentile of each second of such a load.",
        scale="log",
    )


def _series(samples: Samples, what: str, times: int = 1) -> tuple[Series, ...]:
    """One for each server that was measured."""
    every = []
    for label, role in _ROLES.items():
        by_load = (samples.values(label, f"{load}: {what}") for load in LOADS)
        groups = tuple(tuple(times * value for value in values) for values in by_load)
        every.append(Series(label, role, groups))
    return tuple(series for series in every if any(series.samples))

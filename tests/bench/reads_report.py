"""What a run of reads measured, for the report: `Bench.from_json` reads it."""

import datetime
from collections.abc import Iterator
from pathlib import Path

from tests.bench import machine
from tests.bench.reads_budgets import LATENCIES, RATES
from tests.bench.reads_loads import LOADS
from tests.bench.reads_server import GO, OURS
from tests.bench.samples import Samples
from warmkey.deploy.report import Bench, Experiment, Ratio, Series


def report(samples: Samples, path: Path) -> None:
    """Write what was measured to a file."""
    bench = Bench(
        title="What a warm read costs",
        subject="the built daemon beside a server in Go",
        when=datetime.datetime.now(datetime.UTC),
        command="make bench-reads",
        machine=machine.facts(),
        method=(),
        experiments=(_rates(samples), _latencies(samples)),
        ratios=tuple(_ratios(samples)),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(bench.to_json(), encoding="utf-8")


def _rates(samples: Samples) -> Experiment:
    return Experiment(
        "Warm reads",
        "connections",
        "thousand reads/s",
        tuple(LOADS),
        _series(samples, "rate"),
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


def _series(samples: Samples, what: str) -> tuple[Series, ...]:
    ours, go = (
        tuple(samples.values(label, f"{load}: {what}") for load in LOADS) for label in (OURS, GO)
    )
    return Series(OURS, "ours", ours), Series(GO, "anchor", go)


def _ratios(samples: Samples) -> Iterator[Ratio]:
    for load, rate in RATES.items():
        ours, theirs = (samples.values(label, f"{load}: rate") for label in (OURS, GO))
        what, unit = f"Warm reads, {load}", "thousand reads/s"
        yield Ratio(what, unit, ours, better="higher", budget=rate)
        if theirs:
            yield Ratio(what, unit, ours, GO, theirs, paired=True, better="higher", budget=1)
    for load, latency in LATENCIES.items():
        ours = samples.values(OURS, f"{load}: p99")
        yield Ratio(f"p99 of warm reads, {load}", "µs", ours, budget=latency)

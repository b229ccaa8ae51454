"""What a run of reads measured, for the report: `Bench.from_json` reads it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import machine
from tests.bench.reads.budgets import LATENCIES, RATES
from tests.bench.reads.loads import LOADS, SIXTEEN
from tests.bench.reads.server import GO, OURS
from tests.bench.samples import Samples
from warmkey.deploy.report import Bench, Experiment, Ratio, Series

_METHOD = (
    "Both servers hold one secret, check the same token and send the same headers; the one in Go "
    "is net/http on a map. Everything is interleaved in one run; the first round is discarded.",
    "wrk reads as fast as it is answered, one second for each sample, on one thread. A latency "
    "begins when the request is written, so that connecting shows only in the rate.",
)


def report(samples: Samples, path: Path) -> None:
    """Write what was measured to a file."""
    bench = Bench(
        title="What a warm read costs",
        subject="the built daemon beside a server in Go",
        when=datetime.now(UTC),
        command="make bench-reads",
        machine=machine.facts(),
        method=_METHOD,
        experiments=(_rates(samples), _latencies(samples)),
        ratios=tuple(_ratios(samples)),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(bench.to_json(), encoding="utf-8")


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
    ours, go = (
        tuple(_values(samples, label, f"{load}: {what}", times) for load in LOADS)
        for label in (OURS, GO)
    )
    return Series(OURS, "ours", ours), Series(GO, "anchor", go)


def _ratios(samples: Samples) -> Iterator[Ratio]:
    for load, rate in RATES.items():
        ours, theirs = (_values(samples, label, f"{load}: rate", 1000) for label in (OURS, GO))
        what, unit = f"Warm reads, {load}", "reads/s"
        yield Ratio(what, unit, ours, better="higher", budget=1000 * rate)
        if theirs:
            against = Ratio(what, unit, ours, GO, theirs, paired=True, better="higher", budget=1)
            yield replace(against, headline=load == SIXTEEN)
    for load, latency in LATENCIES.items():
        ours = _values(samples, OURS, f"{load}: p99")
        yield Ratio(f"p99 of warm reads, {load}", "µs", ours, budget=latency)


def _values(samples: Samples, label: str, what: str, times: int = 1) -> tuple[float, ...]:
    return tuple(times * value for value in samples.values(label, what))

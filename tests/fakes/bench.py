"""A bench as `make bench` could make it: plausible figures, the same in each run."""

import random
from collections.abc import Sequence
from datetime import datetime, timezone

from tests.fakes.waterfall import with_boto3, with_warmkey
from warmkey.deploy.report.data.bench import Bench
from warmkey.deploy.report.data.experiment import Experiment, Series
from warmkey.deploy.report.data.ratio import Ratio
from warmkey.deploy.report.data.role import Role
from warmkey.deploy.report.estimate import differences

COMPARED: dict[str, Role] = {
    "nothing at all": "floor",
    "Warmkey, by client": "ours",
    "Warmkey, by exec wrapper": "ours",
    "plain Go extension": "anchor",
    "powertools parameters": "other",
    "boto3 in the function": "other",
}
"""Who is compared, and as what."""

_SPREAD = 0.09  # the standard deviation of a sample's logarithm


def measured(
    *medians: float, n: int = 20, spread: float = _SPREAD
) -> tuple[tuple[float, ...], ...]:
    """Samples around each median, as many at each point; none around zero."""
    return tuple(_around(median, n, spread) for median in medians)


def sample() -> Bench:
    """The bench."""
    return Bench(
        title="What a secret costs a cold start",
        subject="AWS's Rapid core on this machine",
        when=datetime(2026, 11, 21, 22, 19, tzinfo=timezone.utc),
        command="make bench ROUNDS=20",
        machine=(
            ("processor", "Intel(R) Xeon(R) Processor, 2 cores"),
            ("memory", "24 GB"),
            ("system", "Linux 6.18, Debian 12"),
            ("versions", "Python 3.11.7, Go 1.26.8, Node 20.20.2"),
            ("load", "0.2 before, 1.9 on average"),
        ),
        method=(
            "All are measured in turns, in one run: what disturbs one disturbs all. Each round "
            "begins with another one; the first round is thrown away.",
            "SSM is a fake over TLS on this machine, with the latency that a point names, from "
            "the connection on. The function does nothing but have its secrets in hand.",
        ),
        cold_starts=(with_warmkey(), with_boto3()),
        experiments=(_secrets(), _latency(), _added(), _throughput(), _memory()),
        ratios=_ratios(),
        footnotes=(
            "CPU quotas: this machine lets nobody make control groups, so functions of 128 MB, "
            "512 MB and 1,769 MB were not imitated. On a machine with cgroups v2, run as root.",
            "The page cache of a fresh sandbox: imitated by dropping the layer's files, not the "
            "runtime's.",
        ),
    )


def _around(median: float, n: int, spread: float) -> tuple[float, ...]:
    generator = random.Random(f"{median} {n}")  # noqa: S311 - to be the same in each run
    count = n if median else 0
    return tuple(round(median * generator.lognormvariate(0, spread), 2) for _ in range(count))


def _compared(medians: Sequence[Sequence[float]]) -> tuple[Series, ...]:
    return tuple(
        Series(label, role, measured(*each))
        for (label, role), each in zip(COMPARED.items(), medians, strict=True)
    )


def _secrets() -> Experiment:
    medians = (
        (68, 68, 69),
        (71, 73, 76),
        (74, 76, 80),
        (84, 88, 97),
        (438, 471, 560),
        (452, 488, 583),
    )
    return Experiment(
        "Secrets in hand at function init",
        "secrets",
        "ms",
        ("1 secret", "10 secrets", "30 secrets"),
        _compared(medians),
        "A Python function; SSM 20 ms away.",
    )


def _latency() -> Experiment:
    medians = (
        (68, 68, 68),
        (71, 73, 451),
        (73, 76, 455),
        (83, 88, 472),
        (421, 471, 842),
        (433, 488, 871),
    )
    return Experiment(
        "The same, with SSM further away",
        "latency of SSM",
        "ms",
        ("0 ms", "20 ms", "200 ms"),
        _compared(medians),
        "A Python function with 10 secrets.",
    )


def _added() -> Experiment:
    took: dict[str, tuple[float, float, Role]] = {
        "C floor": (67.9, 82.3, "floor"),
        "Warmkey": (68.8, 84.9, "ours"),
        "plain Go extension": (84.0, 104.0, "anchor"),
    }
    without = measured(68.0, 82.0, spread=0.05)
    return Experiment(
        "Added to INIT",
        "function",
        "ms",
        ("Python", "Node"),
        tuple(
            Series(label, role, tuple(map(differences, measured(*each, spread=0.05), without)))
            for label, (*each, role) in took.items()
        ),
        "INIT REPORT of the core, for a function that reads nothing.",
        difference=True,
    )


def _throughput() -> Experiment:
    return Experiment(
        "Warm reads",
        "connections",
        "reads/s",
        ("1 connection", "16 connections", "64 connections", "a new one for each read"),
        (
            Series("Warmkey", "ours", measured(13_100, 126_000, 139_000, 9_200)),
            Series("Go net/http, a map", "anchor", measured(12_400, 88_000, 102_000, 7_900)),
            Series("aws-samples extension", "other", measured(11_800, 56_200, 55_100, 0)),
        ),
        better="higher",
        scale="log",
    )


def _memory() -> Experiment:
    return Experiment(
        "Memory over a million reads",
        "reads so far",
        "MB",
        ("after 1 read", "after 1,000,000"),
        (
            Series("Warmkey", "ours", measured(11.6, 11.7, n=3, spread=0.004)),
            Series("plain Go extension", "anchor", measured(17.6, 24.9, n=3, spread=0.03)),
        ),
    )


def _ratios() -> tuple[Ratio, ...]:
    ours, go, boto3 = measured(23.1, 32.2, 520.0)
    cold, go_cold = measured(2.9, 29.8, spread=0.3)
    reads, map_reads = measured(126_000, 88_000)
    boto = "boto3 in the function"
    return (
        Ratio("10 secrets in hand at init", "ms", ours, boto, boto3, True, "lower", 0.25, True),
        Ratio("One secret in hand", "ms", ours, "plain Go extension", go, True, "lower", 1, True),
        Ratio(
            "Warm reads over 16 connections",
            "reads/s",
            reads,
            "Go net/http",
            map_reads,
            better="higher",
            budget=1,
            headline=True,
        ),
        Ratio("Added to INIT, Node, cold", "ms", cold, "plain Go extension", go_cold, budget=0.5),
        Ratio("Secret in hand, cold page cache", "ms", measured(32.4)[0], budget=32),
        Ratio("CPU of a start", "ms", measured(24.1)[0], budget=15),
        Ratio("Memory after the prefetch", "MB", measured(11.6, n=3)[0], budget=18),
    )

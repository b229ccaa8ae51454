"""What a run of starts measured, for the report and its picture."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tests.bench.functions import LABELS
from tests.bench.machine import Facts
from tests.bench.peers import FLOOR, GO, OURS
from tests.bench.samples import Samples
from tests.bench.start.condition import CONDITIONS
from tests.bench.start.ratios import added, ratios
from tests.bench.start.run import INIT_CONDITIONS
from warmkey.deploy.report import Bench, Experiment, Series
from warmkey.deploy.report.data.role import Role

_ROLES: dict[str, Role] = {FLOOR: "floor", OURS: "ours", GO: "anchor"}
"""The part of whoever is not just another way to the same."""


def report(
    samples: Samples,
    labels: Sequence[str],
    when: datetime,
    on: Facts,
    method: Sequence[str],
    left_out: Sequence[str],
) -> Bench:
    """What was measured.

    Args:
        samples: Every sample.
        labels: Who was measured, in order.
        when: When the run began.
        on: What it ran on.
        method: How it was measured, in paragraphs.
        left_out: What could not be measured, and why.
    """
    return Bench(
        title="What a start costs",
        subject="extensions by themselves, and on AWS's Rapid core",
        when=when,
        command="make bench-start",
        machine=on,
        method=tuple(method),
        experiments=(_secret(samples, labels), *_added(samples, labels)),
        ratios=tuple(ratios(samples)),
        footnotes=tuple(left_out),
    )


def _secret(samples: Samples, labels: Sequence[str]) -> Experiment:
    series = [
        Series(label, _ROLES.get(label, "other"), each)
        for label in labels
        if any(each := tuple(samples.values(label, f"secret, {c.name}") for c in CONDITIONS))
    ]
    return Experiment(
        "From exec until a secret is in hand",
        "conditions",
        "ms",
        tuple(condition.name for condition in CONDITIONS),
        tuple(series),
        "A reader asks from the beginning.",
        scale="log",
    )


def _added(samples: Samples, labels: Sequence[str]) -> Iterator[Experiment]:
    for function in LABELS:
        names = [f"{function}, {condition.name}" for condition in INIT_CONDITIONS]
        series = [
            Series(label, _ROLES.get(label, "other"), each)
            for label in labels
            if any(each := tuple(added(samples, label, name) for name in names))
        ]
        if series:
            yield Experiment(
                f"Added to the INIT of a {function} function",
                "conditions",
                "ms",
                tuple(condition.name for condition in INIT_CONDITIONS),
                tuple(series),
                "Less the same function without an extension, in the same round.",
                difference=True,
            )

"""An experiment: alternatives that are compared, at several points, with every sample."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .part import Part, require
from .role import Role

Better = Literal["lower", "higher"]
ScaleKind = Literal["linear", "log"]


@dataclass(frozen=True, slots=True)
class Series(Part):
    """One of the alternatives.

    Attributes:
        label: Its name, e.g. `boto3 in the function`.
        role: Its part in the comparison.
        samples: What was measured, in the experiment's unit and in the order of measurement: as
            many groups as the experiment has points, an empty one where there was nothing to
            measure. A paired difference (with, less without in the same round) is a sample too.
    """

    label: str
    role: Role
    samples: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Experiment(Part):
    """One thing varied, and what came of it.

    Attributes:
        title: What was asked, e.g. `Secrets in hand at function init`.
        varies: What differs between the points, e.g. `secrets`.
        unit: Of all samples, e.g. `ms`, `reads/s` or `MB`.
        points: The values of what varies, each to be understood alone, e.g. `10 secrets`.
        series: The alternatives, in the order of the page.
        note: What else a reader has to know to judge the figures.
        better: Whether low or high figures are good.
        scale: The axis: linear and from zero, or logarithmic for positive figures that lie orders
            of magnitude apart.
        difference: Whether the samples are paired differences, which may be negative.
    """

    title: str
    varies: str
    unit: str
    points: tuple[str, ...]
    series: tuple[Series, ...]
    note: str = ""
    better: Better = "lower"
    scale: ScaleKind = "linear"
    difference: bool = False

    def __post_init__(self) -> None:
        for each in self.series:
            wrong = (
                f"{each.label} has samples for {len(each.samples)} points, "
                f"and {self.title} has {len(self.points)}; an empty group stands for none"
            )
            require(len(each.samples) == len(self.points), wrong)
        require(any(True for _ in self.values()), f"{self.title} has no sample")
        positive = self.scale == "linear" or min(self.values()) > 0
        require(
            positive, f"{self.title} has samples that no logarithmic scale can show: use linear"
        )

    def values(self) -> Iterator[float]:
        """Every sample."""
        return (value for each in self.series for group in each.samples for value in group)

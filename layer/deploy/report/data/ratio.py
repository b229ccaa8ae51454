"""A ratio: ours against somebody's, or ours alone against a limit, and the budget for it."""

from dataclasses import dataclass

from .experiment import Better
from .part import Part, require


@dataclass(frozen=True, slots=True)
class Ratio(Part):
    """One row of the table of ratios.

    Attributes:
        what: What is compared, e.g. `30 secrets in hand at function init`.
        unit: Of the samples, e.g. `ms`.
        ours: Warmkey's samples.
        against: Whom it is compared with; empty where a fixed limit is all there is.
        theirs: Their samples, in the same unit; empty likewise.
        paired: Whether both have one sample from each round, in the same order.
        better: Whether low or high figures are good.
        budget: The limit of the ratio of medians or, where nobody is compared with, of our median:
            at most this where lower is better, at least this where higher is. None where there is
            none.
        headline: Whether it is one of the two or three figures that matter most.
    """

    what: str
    unit: str
    ours: tuple[float, ...]
    against: str = ""
    theirs: tuple[float, ...] = ()
    paired: bool = False
    better: Better = "lower"
    budget: float | None = None
    headline: bool = False

    def __post_init__(self) -> None:
        require(bool(self.ours), f"{self.what} has no sample of ours")
        compared = bool(self.against) == bool(self.theirs)
        require(compared, f"{self.what}: `against` and `theirs` go together, or neither is there")
        equal = len(self.ours) == len(self.theirs) or not self.paired
        pairs = f"{len(self.ours)} and {len(self.theirs)} samples"
        require(equal, f"{self.what}: {pairs} are no pairs")

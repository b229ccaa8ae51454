"""What came of a case that was tried a number of times."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.case import Case


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case.

    Attributes:
        case: The case.
        saw: How often the reader saw what.
        failures: Why an attempt was not survived, one for each that was not.
    """

    case: Case
    saw: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many attempts there were."""
        return self.survived + len(self.failures)

    @property
    def survived(self) -> int:
        """How many attempts were survived."""
        return self.saw.total()


def tried(case: Case, layer: Path, tries: int) -> Outcome:
    """Try a case.

    Args:
        case: The case.
        layer: The layer's tree.
        tries: How often.
    """
    outcome = Outcome(case)
    for _ in range(tries):
        try:
            outcome.saw[case.attempt(layer)] += 1
        except Exception as failure:
            outcome.failures.append(f"{type(failure).__name__}: {failure}")
    return outcome

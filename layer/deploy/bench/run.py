"""One run: prepare, measure, and put back what was changed, by whatever way it ends."""

from dataclasses import dataclass

from rich.console import Console

from ..output import batch, failure
from ..output.failure import Failure
from .interruption import Interrupted, Interruption
from .starts import rounds
from .starts.cold_starts import ColdStarts
from .starts.rounds import DISCARDED, Rounds
from .target.target import Target


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it.

    Attributes:
        rounds: What was measured.
        is_put_back: Whether all is as it was.
    """

    rounds: Rounds
    is_put_back: bool


def carry_out(
    target: Target, runs: int, cold_starts: ColdStarts, interruption: Interruption, remarks: Console
) -> Run:
    """Measure on a target, and put back what was changed.

    Args:
        target: Where.
        runs: How many rounds count.
        cold_starts: Measures each start.
        interruption: The signals that may end it.
        remarks: Where progress is shown, and what could not be put back.

    Raises:
        Failure: It could not be measured.
        Interrupted: Somebody has ended it.
    """
    try:
        with interruption.listening():
            target.prepare()
            total = DISCARDED + runs
            with batch.progress(remarks, "Measured", total) as advance:
                measured = rounds.run(target.arms, runs, cold_starts.measure, advance)
    finally:
        is_put_back = _put_back(target, remarks)
    return Run(measured, is_put_back)


def _put_back(target: Target, remarks: Console) -> bool:
    """Put back what was changed, or say how; whether it is."""
    try:
        target.put_back()
    except (Failure, Interrupted, *failure.OF_AWS) as error:
        told = failure.of_aws(error) if isinstance(error, failure.OF_AWS) else error
        why = str(told) or "interrupted"
        remarks.print(f"what was changed is not restored: {why}; restore it by:", style="red")
        for command in target.by_hand():
            remarks.print(f"  {command}")
        return False
    remarks.print("what was changed is restored")
    return True

"""Rounds: in each, both arms start once; which is first changes from round to round."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..target.arm import Arm, Name
from .start import Start

DISCARDED = 1
"""So many rounds are thrown away at first: Lambda's caches know nothing of a new function."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """What was measured: as many starts of each arm, those of a round at the same place.

    Attributes:
        starts: By arm.
    """

    starts: Mapping[Name, list[Start]] = field(default_factory=lambda: {"without": [], "with": []})

    def of(self, name: Name, figure: Callable[[Start], float]) -> tuple[float, ...]:
        """A figure of each start of an arm, in the order of the rounds."""
        return tuple(map(figure, self.starts[name]))


def run(
    arms: Sequence[Arm],
    count: int,
    measure: Callable[[Arm, str], Start],
    advance: Callable[[str], None],
) -> Rounds:
    """Measure both arms, round by round.

    Args:
        arms: Both.
        count: How many rounds count.
        measure: Measures one start, given a mark that no other has.
        advance: Is told of each round that is over.
    """
    rounds = Rounds()
    for number in range(DISCARDED + count):
        turn = arms if number % 2 == 0 else arms[::-1]
        measured = {arm.name: measure(arm, str(number)) for arm in turn}
        if number >= DISCARDED:
            for name, start in measured.items():
                rounds.starts[name].append(start)
        advance(f"round {number}" if number >= DISCARDED else "the round that is discarded")
    return rounds

"""All that a bench of a function knows in the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..starts.cold_starts import Tally
from ..starts.rounds import Rounds
from ..target.arm import Arm
from ..target.original import Original


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured.

    Attributes:
        original: Of which function.
        arms: What was compared.
        rounds: Every start.
        tally: What happened besides.
        when: When it began, with its zone.
        in_place: Whether the function itself was measured, and not copies of it.
    """

    original: Original
    arms: Sequence[Arm]
    rounds: Rounds
    tally: Tally
    when: datetime
    in_place: bool

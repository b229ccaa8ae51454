"""The outcome of a rollout: what was planned, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .batch import INTERRUPTED, Batch
from .plan import Proposal

_NOTHING: Batch[None] = Batch({}, {})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a rollout.

    Attributes:
        proposal: What was planned.
        made: What came of carrying it out; nothing where it was only shown.
    """

    proposal: Proposal
    made: Batch[None] = field(default_factory=lambda: _NOTHING)

    @property
    def failed(self) -> Mapping[str, str]:
        """What failed, when it was planned or when it was carried out, and why."""
        return {**self.proposal.failed, **self.made.failed}

    @property
    def not_begun(self) -> list[str]:
        """What there was to do, and was not begun."""
        tried = {*self.made.done, *self.made.failed}
        return [name for name in self.proposal.due if name not in tried]

    @property
    def stopped(self) -> str:
        """Why it ended before its end; empty where it did not."""
        return self.proposal.stopped or self.made.stopped or self.made.halted

    @property
    def exit_code(self) -> int:
        """0 where all went well, 1 for any failure, 130 for an interruption."""
        if self.stopped == INTERRUPTED:
            return 130
        return int(bool(self.failed or self.stopped))

    def as_json(self) -> dict[str, Any]:
        """What `--json` tells: no values but those that may be shown."""
        return {
            "plan": [each.as_json() for each in self.proposal.changes],
            "notes": {name: list(notes) for name, notes in self.proposal.notes.items()},
            "done": list(self.made.done),
            "unchanged": self.proposal.unchanged,
            "failed": dict(self.failed),
            "notBegun": self.not_begun,
            "stopped": self.stopped,
        }

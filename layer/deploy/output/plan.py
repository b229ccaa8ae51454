"""Plans: what a rollout would do with each thing, and with what several have in common."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .batch import Batch
from .change import Change


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with one thing.

    Attributes:
        changes: What it changes; nothing, where it is up to date.
        carry_out: Makes these changes.
        notes: What an operator should know besides.
        revision: What the thing was like when this was planned, as its service identifies that;
            empty where it doesn't.
    """

    changes: tuple[Change, ...]
    carry_out: Callable[[], None]
    notes: tuple[str, ...] = ()
    revision: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return any(self.changes)


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """What is to be done with something that several things have in common, such as their role.

    Attributes:
        changes: What it changes by the end of the rollout.
        things: Those that have it.
        begin: Does what they need beforehand. Where it fails, they are left alone.
        end: Does the rest, told which of them were done.
        notes: What an operator should know besides.
    """

    changes: tuple[Change, ...]
    things: tuple[str, ...]
    begin: Callable[[], None]
    end: Callable[[Collection[str]], None]
    notes: tuple[str, ...] = ()


Shared = Batch[SharedPlan]
"""What things have in common, by its name."""

NOTHING_SHARED: Shared = Batch({}, {})
"""What things have in common that have nothing in common."""


@dataclass(frozen=True)
class Proposal:
    """All that a rollout would do.

    Attributes:
        plans: What it would do with each thing that it can do something with.
        shared: What of these have something in common, by the name of that.
        failed: Why it can do nothing with the others.
        stopped: Why it does not know yet: planning was interrupted; empty where it was not.
    """

    plans: Mapping[str, Plan]
    shared: Mapping[str, SharedPlan] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""

    @cached_property
    def due(self) -> dict[str, Plan]:
        """The things with which there is something to do."""
        return {name: plan for name, plan in self.plans.items() if plan}

    @cached_property
    def shared_due(self) -> dict[str, SharedPlan]:
        """What they have in common and changes."""
        return {name: plan for name, plan in self.shared.items() if any(plan.changes)}

    @cached_property
    def unchanged(self) -> list[str]:
        """The things with which there is nothing to do."""
        return [name for name, plan in self.plans.items() if not plan]

    @cached_property
    def changes(self) -> list[Change]:
        """Everything that would change, what is shared first."""
        plans: list[Plan | SharedPlan] = [*self.shared_due.values(), *self.due.values()]
        return [change for plan in plans for change in plan.changes if change]

    @cached_property
    def notes(self) -> dict[str, tuple[str, ...]]:
        """What an operator should know, by the name of what it is about."""
        every: dict[str, Plan | SharedPlan] = {**self.shared, **self.plans}
        return {name: plan.notes for name, plan in every.items() if plan.notes}

"""Rollouts: plan a change of many things, show it, have it approved, make it, and sum it up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import click
from rich.console import Console

from . import batch, console
from .approval import approve
from .change import Change


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with one thing.

    Attributes:
        changes: What it changes; nothing, where it is up to date.
        carry_out: Makes these changes.
        notes: What an operator should know besides.
    """

    changes: tuple[Change, ...]
    carry_out: Callable[[], None]
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return any(self.changes)


@dataclass(frozen=True, slots=True)
class Rollout:
    """One change of many things.

    Attributes:
        doing: What to call it while it goes on, e.g. `Attaching`.
        done: What to call it afterwards, e.g. `attached`.
        at_once: How many things are worked on at the same time.
        dry_run: Whether to stop after showing.
        yes: Whether not to ask.
        shown_on: Where to show the changes; standard output unless given.
    """

    doing: str
    done: str
    at_once: int
    dry_run: bool
    yes: bool
    shown_on: Console | None = None

    def run(self, things: Sequence[str], plan: Callable[[str], Plan]) -> bool:
        """Plan each change, have all approved, and make them.

        Args:
            things: Their names.
            plan: Plans the change of one of them; changes nothing.

        Returns:
            Whether all went well.

        Raises:
            Failure: Nobody is there to approve.
            click.Abort: The changes were not approved.
        """
        remarks = console.remarks()
        watched = remarks if remarks.is_terminal else None
        planned = batch.run(things, plan, watched, doing="Looking at", at_once=self.at_once)
        for thing, each in planned.done.items():
            for note in each.notes:
                remarks.print(f"{thing}: {note}", style="yellow")
        _print_failures(planned.failed, remarks)
        plans = {thing: each for thing, each in planned.done.items() if each}
        if not planned.done or not self._approved(plans):
            return not planned.failed
        made = batch.run(
            list(plans),
            lambda thing: plans[thing].carry_out(),
            remarks,
            doing=self.doing,
            at_once=self.at_once,
        )
        _print_failures(made.failed, remarks)
        failed = [*planned.failed, *made.failed]
        remarks.print(self._summary(len(made.done), len(planned.done) - len(plans), failed))
        return not failed

    def _approved(self, plans: Mapping[str, Plan]) -> bool:
        changes = [change for plan in plans.values() for change in plan.changes]
        shown_on = self.shown_on or console.results()
        return approve(changes, shown_on, dry_run=self.dry_run, yes=self.yes)

    def _summary(self, done: int, unchanged: int, failed: Sequence[str]) -> str:
        counts = {self.done: done, "unchanged": unchanged, "failed": len(failed)}
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        return f"{told}: {', '.join(failed)}" if failed else told


def finish(*, went_well: bool) -> None:
    """End a command.

    Raises:
        click.exceptions.Exit: With 1, where something failed.
    """
    if not went_well:
        raise click.exceptions.Exit(1)


def _print_failures(failed: Mapping[str, str], remarks: Console) -> None:
    for thing, reason in failed.items():
        remarks.print(f"{thing}: {reason}", style="red")

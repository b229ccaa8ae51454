"""Rollouts: plan a change of many things, show it, have it approved, make it, and sum it up."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import click
from rich.console import Console

from . import batch, console
from .approval import approve
from .batch import INTERRUPTED, Batch
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


def _share_nothing(_: Collection[str]) -> Shared:
    return NOTHING_SHARED


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
        same_place: Whether all things are in one region.
        verbose: Whether to show each of several changes that are alike.
    """

    doing: str
    done: str
    at_once: int
    dry_run: bool
    yes: bool
    shown_on: Console | None = None
    same_place: bool = False
    verbose: bool = True
    _remarks: Console = field(default_factory=console.remarks)

    def run(
        self,
        things: Sequence[str],
        plan: Callable[[str], Plan],
        share: Callable[[Collection[str]], Shared] = _share_nothing,
    ) -> int:
        """Plan each change, have all approved, and make them.

        Args:
            things: Their names.
            plan: Plans the change of one of them; changes nothing.
            share: Plans what some that have been planned have in common; changes nothing. What it
                says has failed is the things' own failure.

        Returns:
            The exit code: 0 where all went well, 1 for any failure, 130 for an interruption.

        Raises:
            Failure: Nobody is there to approve.
            click.Abort: The changes were not approved.
        """
        planned = self._batch(things, plan, "Looking at", quietly=True)
        shared = NOTHING_SHARED if planned.stopped else share(planned.done)
        failed = {**planned.failed, **shared.failed}
        plans = {name: each for name, each in planned.done.items() if name not in failed}
        commons = {name: each for name, each in shared.done.items() if any(each.changes)}
        self._print_notes({**shared.done, **plans})
        self._print_failures(failed)
        if stopped := planned.stopped or shared.stopped:
            self._remarks.print(f"{_why(stopped)}; nothing was changed", style="red")
            return 130 if stopped == INTERRUPTED else 1
        due = {name: each for name, each in plans.items() if each}
        changes = [
            *(change for each in commons.values() for change in each.changes),
            *(change for each in due.values() for change in each.changes),
        ]
        shown_on = self.shown_on or console.results()
        if not plans or not approve(
            changes, shown_on, dry_run=self.dry_run, yes=self.yes, verbose=self.verbose
        ):
            return int(bool(failed))
        made = self._make(due, commons)
        self._sum_up(made, len(plans) - len(due), failed)
        return made.exit_code or int(bool(failed))

    def _make(self, plans: Mapping[str, Plan], commons: Mapping[str, SharedPlan]) -> Batch[None]:
        """Make the changes: what they have in common first and last."""
        begun = self._batch([*commons], lambda name: commons[name].begin(), self.doing)
        spoiled = {
            thing: reason
            for name, reason in begun.failed.items()
            for thing in commons[name].things
            if thing in plans
        }
        able = [thing for thing in plans if thing not in spoiled]
        if begun.stopped:
            made: Batch[None] = Batch({}, spoiled, tuple(able), begun.stopped)
        else:
            made = self._batch(able, lambda thing: plans[thing].carry_out(), self.doing)
        failed = {**spoiled, **made.failed}
        if made.stopped and made.stopped != INTERRUPTED:
            return Batch(made.done, failed, made.left, made.stopped)
        unfinished = [thing for thing in plans if thing not in made.done]
        ended = self._batch(
            [name for name in commons if name in begun.done],
            lambda name: commons[name].end(_without(commons[name].things, unfinished)),
            self.doing,
            quietly=True,
        )
        failures = {**failed, **ended.failed}
        return Batch(made.done, failures, made.left, made.stopped or ended.stopped)

    def _batch(
        self,
        things: Sequence[str],
        work: Callable[[str], batch.Result],
        doing: str,
        *,
        quietly: bool = False,
    ) -> Batch[batch.Result]:
        """Work on things; quietly is with no progress but on a terminal."""
        shown = None if quietly and not self._remarks.is_terminal else self._remarks
        run = partial(batch.run, doing=doing, at_once=self.at_once, same_place=self.same_place)
        return run(things, work, shown)

    def _sum_up(self, made: Batch[None], unchanged: int, failed: Mapping[str, str]) -> None:
        """What was done, what was not, and how to go on; what failed last, where it is seen."""
        self._print_failures(made.failed)
        names = [*failed, *made.failed]
        counts = {
            self.done: len(made.done),
            "unchanged": unchanged,
            "failed": len(names),
            "not begun": len(made.left),
        }
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        if made.stopped:
            self._remarks.print(
                f"{_why(made.stopped)}; not begun: {', '.join(made.left) or 'none'}; run this "
                "again to go on: what is done stays, and is not done twice",
                style="red",
            )
        self._remarks.print(f"{told}: {', '.join(names)}" if names else told)

    def _print_notes(self, plans: Mapping[str, Plan | SharedPlan]) -> None:
        for name, each in plans.items():
            for note in each.notes:
                self._remarks.print(f"{name}: {note}", style="yellow")

    def _print_failures(self, failed: Mapping[str, str]) -> None:
        for reason, names in _by_reason(failed).items():
            self._remarks.print(f"{', '.join(names)}: {reason}", style="red")


def finish(*, went_well: bool) -> None:
    """End a command.

    Raises:
        click.exceptions.Exit: With 1, where something failed.
    """
    exit_with(int(not went_well))


def exit_with(code: int) -> None:
    """End a command with a code.

    Raises:
        click.exceptions.Exit: With the code, unless it is 0.
    """
    if code:
        raise click.exceptions.Exit(code)


def _by_reason(failed: Mapping[str, str]) -> dict[str, list[str]]:
    """The names of what failed for each reason, so that a hundred alike take one line."""
    found: dict[str, list[str]] = {}
    for name, reason in failed.items():
        found.setdefault(reason, []).append(name)
    return found


def _without(things: Sequence[str], unfinished: Collection[str]) -> list[str]:
    return [thing for thing in things if thing not in unfinished]


def _why(stopped: str) -> str:
    return (
        stopped if stopped == INTERRUPTED else f"stopped, as every other would fail too: {stopped}"
    )

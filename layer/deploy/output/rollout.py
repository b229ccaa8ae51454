"""Rollouts: plan a change of many things, show it, have it approved, make it, and sum it up."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import click
from rich.console import Console

from . import batch, console
from .approval import approve
from .batch import INTERRUPTED, Batch
from .outcome import Outcome
from .plan import NOTHING_SHARED, Plan, Proposal, Shared
from .waves import Waves


def _share_nothing(_: Collection[str]) -> Shared:
    return NOTHING_SHARED


def _object_to_nothing(_: Proposal) -> None:
    pass


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
        waves: How many things are changed before the others.
    """

    doing: str
    done: str
    at_once: int
    dry_run: bool
    yes: bool
    shown_on: Console | None = None
    same_place: bool = False
    verbose: bool = True
    waves: Waves = field(default_factory=Waves)
    _remarks: Console = field(default_factory=console.remarks)

    def run(
        self,
        things: Sequence[str],
        plan: Callable[[str], Plan],
        share: Callable[[Collection[str]], Shared] = _share_nothing,
        review: Callable[[Proposal], None] = _object_to_nothing,
    ) -> Outcome:
        """Plan each change, have all approved, and make them.

        Args:
            things: Their names.
            plan: Plans the change of one of them; changes nothing.
            share: Plans what some that have been planned have in common; changes nothing. What it
                says has failed is the things' own failure.
            review: Looks at all that is planned before anybody is asked; raises what it objects to.

        Raises:
            Failure: Nobody is there to approve.
            click.Abort: The changes were not approved.
        """
        proposal = self._propose(things, plan, share)
        for name, notes in proposal.notes.items():
            for note in notes:
                self._remarks.print(f"{name}: {note}", style="yellow")
        self._print_failures(proposal.failed)
        if proposal.stopped:
            self._remarks.print(f"{_why(proposal.stopped)}; nothing was changed", style="red")
            return Outcome(proposal)
        review(proposal)
        shown_on = self.shown_on or console.results()
        if not proposal.plans or not approve(
            proposal.changes, shown_on, dry_run=self.dry_run, yes=self.yes, verbose=self.verbose
        ):
            return Outcome(proposal)
        outcome = Outcome(proposal, self._make(proposal))
        self._sum_up(outcome)
        return outcome

    def _propose(
        self,
        things: Sequence[str],
        plan: Callable[[str], Plan],
        share: Callable[[Collection[str]], Shared],
    ) -> Proposal:
        planned = self._batch(things, plan, "Looking at", quietly=True)
        shared = NOTHING_SHARED if planned.stopped else share(planned.done)
        failed = {**planned.failed, **shared.failed}
        plans = {name: each for name, each in planned.done.items() if name not in failed}
        return Proposal(plans, shared.done, failed, planned.stopped or shared.stopped)

    def _make(self, proposal: Proposal) -> Batch[None]:
        """Make the changes: what they have in common first and last."""
        plans, shared = proposal.due, proposal.shared_due
        begun = self._batch([*shared], lambda name: shared[name].begin(), self.doing)
        spoiled = {
            thing: reason
            for name, reason in begun.failed.items()
            for thing in shared[name].things
            if thing in plans
        }
        able = [thing for thing in plans if thing not in spoiled]
        if begun.stopped:
            made: Batch[None] = Batch({}, {}, tuple(able), begun.stopped)
        else:
            made = self.waves.run(able, lambda wave: self._change(wave, plans))
        made = replace(made, failed={**spoiled, **made.failed})
        if made.stopped and made.stopped != INTERRUPTED:
            return made
        unfinished = [thing for thing in plans if thing not in made.done]
        ended = self._batch(
            [name for name in shared if name in begun.done],
            lambda name: shared[name].end(_without(shared[name].things, unfinished)),
            self.doing,
            quietly=True,
        )
        return replace(
            made,
            failed={**made.failed, **ended.failed},
            stopped=made.stopped or ended.stopped,
        )

    def _change(self, things: Sequence[str], plans: Mapping[str, Plan]) -> Batch[None]:
        return self._batch(things, lambda thing: plans[thing].carry_out(), self.doing)

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

    def _sum_up(self, outcome: Outcome) -> None:
        """What was done, what was not, and how to go on; what failed last, where it is seen."""
        self._print_failures(outcome.made.failed)
        names = [*outcome.failed]
        counts = {
            self.done: len(outcome.made.done),
            "unchanged": len(outcome.proposal.unchanged),
            "failed": len(names),
            "not begun": len(outcome.not_begun),
        }
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        halted = outcome.made.halted and f"stopped: {outcome.made.halted}"
        if why := _why(outcome.made.stopped) or halted:
            self._remarks.print(
                f"{why}; not begun: {', '.join(outcome.not_begun) or 'none'}; run this "
                "again to go on: what is done stays, and is not done twice",
                style="red",
            )
        self._remarks.print(f"{told}: {', '.join(names)}" if names else told)

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
    """Why a batch has stopped, in words; empty where it has not."""
    if stopped in ("", INTERRUPTED):
        return stopped
    return f"stopped, as every other would fail too: {stopped}"

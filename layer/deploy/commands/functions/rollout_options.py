"""The options of commands that change many functions, and how they are carried out."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from ...account import Account
from ...functions.alarms import Alarms
from ...functions.planner import Planner
from ...functions.saved_plan import SavedPlan
from ...functions.store import AT_ONCE
from ...output import console
from ...output.failure import InvalidInput
from ...output.outcome import Outcome
from ...output.plan import Proposal
from ...output.rollout import Rollout
from ...output.waves import Waves
from .. import options
from ..options import Command


@dataclass(frozen=True, slots=True)
class RolloutOptions:
    """How functions are to be changed.

    Attributes:
        dry_run: Whether to stop after showing.
        yes: Whether not to ask.
        verbose: Whether to show each of several changes that are alike.
        as_json: Whether plan and outcome are printed as JSON.
        wave: How many functions are changed before the others; 0 for all.
        pause: Seconds between two waves.
        stop_after: How many failures end it; 0 for any number.
        alarms: The names of CloudWatch's alarms that end it.
    """

    dry_run: bool
    yes: bool
    verbose: bool
    as_json: bool
    wave: int
    pause: float
    stop_after: int
    alarms: tuple[str, ...]

    def run(
        self,
        account: Account,
        doing: str,
        done: str,
        names: Sequence[str],
        planner: Planner,
        review: Callable[[Proposal], None] | None = None,
        *,
        dry_run: bool = False,
    ) -> Outcome:
        """Plan, show, ask and carry out.

        Args:
            account: The functions' account.
            doing: What to call it while it goes on, e.g. `Attaching`.
            done: What to call it afterwards, e.g. `attached`.
            names: The functions.
            planner: Plans what becomes of each.
            review: Looks at all that is planned, and raises what it objects to.
            dry_run: Whether to stop after showing, whatever the option says.

        Raises:
            InvalidInput: The options do not go together.
        """
        rollout = Rollout(
            doing,
            done,
            AT_ONCE,
            self.dry_run or dry_run,
            self.yes,
            console.remarks() if self.as_json else None,
            same_place=True,
            verbose=self.verbose,
            waves=self._waves(account),
        )
        more = (review,) if review else ()
        outcome = rollout.run(names, planner.plan, planner.share, *more)
        if self.as_json:
            click.echo(json.dumps(outcome.as_json(), indent=2))
        return outcome

    def _waves(self, account: Account) -> Waves:
        if (self.pause or self.alarms) and not self.wave:
            raise InvalidInput("--pause and --alarm are for waves", "pass --wave, too")
        size = self.wave or (AT_ONCE if self.stop_after else 0)
        waves = Waves(size, self.pause, self.stop_after)
        if not self.alarms:
            return waves
        alarms = Alarms(account, self.alarms)
        alarms.wrong()  # fails where one is not there, before anything is planned
        return Waves(size, self.pause, self.stop_after, alarms.wrong)


def rollout(command: Command) -> Command:
    """Options of a rollout; the command gets them as its argument `rollout`."""

    @click.option(
        "--wave",
        type=click.IntRange(1),
        help="How many functions to change before the next; all unless given.",
    )
    @click.option(
        "--pause", type=click.FloatRange(0), default=0.0, help="Seconds between two waves."
    )
    @click.option(
        "--stop-after",
        type=click.IntRange(1),
        help="Begin no further wave once so many functions have failed.",
    )
    @click.option(
        "--alarm",
        "alarms",
        multiple=True,
        metavar="NAME",
        help="Begin no wave while this alarm of CloudWatch is in the state ALARM.",
    )
    @options.as_json("Print what was planned and what came of it as JSON.")
    @options.dry_run
    @options.yes
    @options.verbose
    @wraps(command)
    def with_rollout(
        *args: Any,
        dry_run: bool,
        yes: bool,
        verbose: bool,
        as_json: bool,
        wave: int | None,
        pause: float,
        stop_after: int | None,
        alarms: tuple[str, ...],
        **kwargs: Any,
    ) -> Any:
        found = RolloutOptions(
            dry_run, yes, verbose, as_json, wave or 0, pause, stop_after or 0, alarms
        )
        return command(*args, rollout=found, **kwargs)

    return with_rollout


plan_out = click.option(
    "--plan-out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Change nothing; write the plan to a file, for `warmkey apply`.",
)


def save(plan: SavedPlan, path: Path) -> None:
    """Write a plan, and say what to do with it."""
    plan.write(path)
    console.remarks().print(f"the plan is in {path}: warmkey apply {path} carries it out")

"""`warmkey detach`: take the layer off functions, and put back what was there."""

from pathlib import Path

import click

from ...account import Account
from ...functions.planner import DetachPlanner
from ...functions.saved_plan import SavedPlan
from ...functions.selection import Selection
from ...output.rollout import exit_with
from .. import options
from . import rollout_options
from .rollout_options import RolloutOptions


@click.command("detach")
@options.selection
@options.account
@rollout_options.plan_out
@rollout_options.rollout
def command(
    account: Account, selection: Selection, plan_out: Path | None, rollout: RolloutOptions
) -> None:
    """Detach the layer from functions, and put back what attach has changed."""
    names = selection.find(account)
    outcome = rollout.run(
        account, "Detaching", "detached", names, DetachPlanner(account), dry_run=bool(plan_out)
    )
    if plan_out and not outcome.stopped:
        rollout_options.save(SavedPlan.of(account, outcome.proposal), plan_out)
    exit_with(outcome.exit_code)

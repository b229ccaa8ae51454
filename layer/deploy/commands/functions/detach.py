"""`warmkey detach`: take the layer off functions, and put back what was there."""

import click

from ...account import Account
from ...functions.planner import DetachPlanner
from ...functions.selection import Selection
from ...functions.store import AT_ONCE
from ...output.rollout import Rollout, exit_with
from .. import options


@click.command("detach")
@options.selection
@options.account
@options.dry_run
@options.yes
@options.verbose
def command(
    account: Account, selection: Selection, dry_run: bool, yes: bool, verbose: bool
) -> None:
    """Detach the layer from functions, and put back what attach has changed."""
    planner = DetachPlanner(account)
    rollout = Rollout(
        "Detaching", "detached", AT_ONCE, dry_run, yes, same_place=True, verbose=verbose
    )
    exit_with(rollout.run(selection.find(account), planner.plan, planner.share))

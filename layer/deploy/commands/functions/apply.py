"""`warmkey apply`: carry out a plan that was saved, if nothing has changed since."""

from pathlib import Path

import click

from ...account import Account
from ...functions.planner import AttachPlanner, DetachPlanner, Planner
from ...functions.saved_plan import SavedPlan
from ...layers.choice import LayerChoice
from ...layers.store import LayerStore
from ...output.rollout import exit_with
from .. import options
from . import rollout_options
from .rollout_options import RolloutOptions


@click.command("apply")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@options.profile
@rollout_options.rollout
def command(file: Path, profile: str | None, rollout: RolloutOptions) -> None:
    """Carry out the plan in FILE, which attach or detach has written with --plan-out.

    Exits with 1, and changes nothing, if a function or a role is not as it was then.
    """
    saved = SavedPlan.read(file)
    account = Account(profile, saved.region)
    saved.check_account(account)
    planner: Planner
    if saved.request:
        choice = LayerChoice(LayerStore.of(account), saved.layers)
        planner = AttachPlanner(account, choice, saved.request)
    else:
        planner = DetachPlanner(account)
    names = list(saved.revisions)
    outcome = rollout.run(account, "Applying", "changed", names, planner, saved.check)
    exit_with(outcome.exit_code)

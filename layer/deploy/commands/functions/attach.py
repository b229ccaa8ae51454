"""`warmkey attach`: give functions that exist the layer, their secrets, and what else they need."""

from pathlib import Path

import click

from ...account import Account
from ...functions.attachment import AttachRequest
from ...functions.planner import AttachPlanner
from ...functions.saved_plan import SavedPlan
from ...functions.selection import Selection
from ...layers.choice import LayerChoice
from ...layers.store import LayerStore
from ...output.failure import InvalidInput
from ...output.rollout import exit_with
from .. import completion, declared_options, options
from . import rollout_options
from .rollout_options import RolloutOptions


@click.command("attach")
@options.selection
@declared_options.variables
@click.option(
    "--remove",
    multiple=True,
    metavar="ALIAS",
    shell_complete=completion.aliases,
    help="A variable that attach has set, and that becomes what it was before.",
)
@options.exec_wrapper
@click.option("--with-policy", is_flag=True, help="Allow the functions' roles to read the secrets.")
@click.option("--overwrite", is_flag=True, help="Overwrite variables that have other values.")
@click.option(
    "--replace-aws-extension",
    "replace_aws_extension",
    is_flag=True,
    help="Remove AWS's own Parameters and Secrets extension.",
)
@options.layers
@options.account
@rollout_options.plan_out
@rollout_options.rollout
def command(
    account: Account,
    selection: Selection,
    variables: dict[str, str],
    remove: tuple[str, ...],
    layers: tuple[str, ...],
    plan_out: Path | None,
    rollout: RolloutOptions,
    **flags: bool,
) -> None:
    """Attach the layer to functions: by name, ARN, tag or prefix.

    What attach changes, detach puts back. A function's other layers and variables stay.
    """
    if twice := sorted({*remove} & {*variables}):
        raise InvalidInput(f"{', '.join(twice)} is both set and removed", "do one of them")
    choice = LayerChoice(LayerStore.of(account), layers)
    request = AttachRequest(variables, **flags, remove=remove)
    names = selection.find(account)
    outcome = rollout.run(
        account,
        "Attaching",
        "attached",
        names,
        AttachPlanner(account, choice, request),
        dry_run=bool(plan_out),
    )
    if plan_out and not outcome.stopped:
        saved = SavedPlan.of(account, outcome.proposal, tuple(choice.chosen), request)
        rollout_options.save(saved, plan_out)
    exit_with(outcome.exit_code)

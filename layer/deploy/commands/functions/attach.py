"""`warmkey attach`: give functions that exist the layer, their secrets, and what else they need."""

import click

from ...account import Account
from ...functions.attachment import AttachRequest
from ...functions.planner import AttachPlanner
from ...functions.selection import Selection
from ...functions.store import AT_ONCE
from ...layers.choice import LayerChoice
from ...layers.store import LayerStore
from ...output.rollout import Rollout, exit_with
from .. import declared_options, options


@click.command("attach")
@options.selection
@declared_options.variables
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
@options.dry_run
@options.yes
@options.verbose
def command(
    account: Account,
    selection: Selection,
    variables: dict[str, str],
    layers: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    verbose: bool,
    **flags: bool,
) -> None:
    """Attach the layer to functions: by name, ARN, tag or prefix.

    What attach changes, detach puts back. A function's other layers and variables stay.
    """
    choice = LayerChoice(LayerStore.of(account), layers)
    planner = AttachPlanner(account, choice, AttachRequest(variables, **flags))
    rollout = Rollout(
        "Attaching", "attached", AT_ONCE, dry_run, yes, same_place=True, verbose=verbose
    )
    exit_with(rollout.run(selection.find(account), planner.plan, planner.share))

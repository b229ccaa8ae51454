"""`warmkey upgrade`: give functions that are behind the newest layer that is published."""

import click

from ....extension import VERSION
from ...account import Account
from ...functions.attachment import AttachRequest
from ...functions.planner import AttachPlanner
from ...functions.selection import Selection
from ...functions.survey import survey
from ...layers.choice import LayerChoice
from ...layers.store import LayerStore
from ...output import console
from ...output.rollout import exit_with
from .. import options
from . import rollout_options
from .rollout_options import RolloutOptions


@click.command("upgrade")
@options.selection
@options.layers
@options.account
@rollout_options.rollout
def command(
    account: Account, selection: Selection, layers: tuple[str, ...], rollout: RolloutOptions
) -> None:
    """Give functions that are behind the newest layer: those that are named, or all.

    Nothing else of them changes. What is published here counts: warmkey publish comes first.
    """
    findings = survey(account, VERSION, selection)
    behind = [each.function for each in findings if each.behind]
    planner = AttachPlanner(account, LayerChoice(LayerStore.of(account), layers), AttachRequest({}))
    outcome = rollout.run(account, "Upgrading", "upgraded", behind, planner)
    remarks = console.remarks()
    if not behind:
        remarks.print(f"functions with Warmkey: {len(findings)}; none is behind")
    if late := outcome.proposal.unchanged:
        remarks.print(f"{', '.join(late)}: nothing newer is published here (warmkey publish)")
    exit_with(outcome.exit_code)

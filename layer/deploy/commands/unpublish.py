"""`warmkey unpublish`: delete versions of the layer that nobody uses any more."""

from collections.abc import Sequence

import click

from ..account import Account
from ..functions.store import Functions
from ..layers.store import LayerStore
from ..layers.withdrawal import Old, Withdrawal, old_versions
from ..output import console
from ..output.rollout import Rollout, exit_with
from . import options

_AT_ONCE = 8


@click.command("unpublish")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="How many of the newest versions stay, for each architecture.",
)
@click.option(
    "--shared", is_flag=True, help="Also those that other accounts may use; theirs are not seen."
)
@options.accounts
@options.dry_run
@options.yes
def command(
    accounts: Sequence[Account], keep: int, *, shared: bool, dry_run: bool, yes: bool
) -> None:
    """Delete old versions of the layer that no function of the account has.

    Functions' published versions count as well as $LATEST.
    """
    old = [each for account in accounts for each in _old(account, keep)]
    if not old:
        console.remarks().print("no old versions")
    rollout = Rollout("Deleting", "deleted", _AT_ONCE, dry_run, yes)
    outcome = rollout.run([each.version.arn for each in old], Withdrawal(old, shared=shared).plan)
    exit_with(outcome.exit_code)


def _old(account: Account, keep: int) -> list[Old]:
    used = {arn for each in Functions.of(account).all_versions() for arn in each.layers}
    return list(old_versions(LayerStore.of(account), used, keep))

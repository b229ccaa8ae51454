"""`warmkey delete`: a secret, from Parameter Store or Secrets Manager."""

import click

from ...account import Account
from ...output import console
from ...output.approval import approve
from ...secrets.stores import targets
from .. import options


@click.command("delete")
@options.name
@click.option(
    "--days",
    type=click.IntRange(7, 30),
    default=30,
    show_default=True,
    help="For how long a secret of Secrets Manager can be restored.",
)
@options.account
@options.dry_run
@options.yes
def command(name: str, days: int, account: Account, dry_run: bool, yes: bool) -> None:
    """Delete the secret NAME.

    A parameter is gone at once, with all its versions; a secret of Secrets Manager can be restored
    for a while.
    """
    target = targets.of(account.session, name)
    present = target.look_up()
    if present is None:
        console.remarks().print(f"there is no {target.name} in {account.describe()}")
        console.results().print("nothing to change")
        return
    change = target.removal(present, account.describe(), days)
    if approve([change], console.results(), dry_run=dry_run, yes=yes):
        target.delete(days)
        console.results().print(f"{target.name} is deleted")

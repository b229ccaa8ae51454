"""`warmkey history`: the versions of a secret, without their values."""

import json
from collections.abc import Sequence

import click
from rich.table import Table

from ...account import Account
from ...output import console
from ...secrets.stores import targets
from ...secrets.stores.target import Version
from .. import options


@click.command("history")
@options.name
@options.as_json()
@options.account
@options.dry_run
def command(name: str, as_json: bool, account: Account, dry_run: bool) -> None:  # noqa: ARG001
    """List the versions of the secret NAME: when each was written, its labels, and by whom.

    It reads no values, and changes nothing, with or without --dry-run.
    """
    target = targets.of(account.session, name)
    found = target.history()
    if as_json:
        click.echo(json.dumps([_row(each) for each in found], indent=2))
    else:
        console.results().print(_table(found))
    console.remarks().print(f"{target.name} in {account.describe()}: {len(found)} versions")


def _row(each: Version) -> dict[str, object]:
    return {
        "version": each.version,
        "modified": each.modified.isoformat() if each.modified else "",
        "labels": list(each.labels),
        "by": each.by,
    }


def _table(versions: Sequence[Version]) -> Table:
    table = console.table("version", "written", "labels", "by")
    for each in versions:
        written = f"{each.modified:%Y-%m-%d %H:%M:%S %Z}" if each.modified else ""
        table.add_row(each.version, written, ", ".join(each.labels), each.by)
    return table

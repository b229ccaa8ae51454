"""`warmkey list`: what a project declares, and what is stored for it; no values."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timezone

import click
from rich.table import Table

from ...account import Account
from ...output import console
from ...output.rollout import finish
from ...secrets import description
from ...secrets.inventory import Row, rows, tell
from ...secrets.project import Project
from .. import declared_options, options


@click.command("list")
@declared_options.project
@declared_options.stages
@options.as_json("Print it as JSON; ages are seconds.")
@options.account
@options.dry_run
def command(
    project: Project,
    stages: tuple[str, ...],
    account: Account,
    as_json: bool,
    dry_run: bool,  # noqa: ARG001
) -> None:
    """List the declared secrets of a project: stage, type, version and age, but no values.

    Exits with 1 if something that is declared is missing, and not optional. It changes nothing,
    with or without --dry-run.
    """
    declared = list(project.declared(stages))
    sources = [each.reference.source for each in declared]
    entries = description.look_up(account.session, sources)
    found = list(rows(declared, entries, datetime.now(timezone.utc)))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in found], indent=2))
    elif found:
        console.results().print(_table(found))
    missing = [row for row in found if row.missing and not row.optional]
    console.remarks().print(_summary(found, missing, account))
    finish(went_well=not missing)


def _table(found: Sequence[Row]) -> Table:
    table = console.table("stage", "alias", "reference", "type", "version", "age")
    for row in found:
        table.add_row(
            row.stage or "all",
            row.alias,
            row.reference,
            row.missing or row.type,
            row.version,
            tell(row.age),
            style="red" if row.missing and not row.optional else None,
        )
    return table


def _summary(found: Sequence[Row], missing: Sequence[Row], account: Account) -> str:
    told = f"account {account.id}, {account.region}: {len(found)} declared"
    if not missing:
        return told
    return f"{told}, {len(missing)} of them unavailable (warmkey put stores a missing parameter)"

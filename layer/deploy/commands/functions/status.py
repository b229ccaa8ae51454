"""`warmkey status`: which functions have the layer, which version of it, and which are behind."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.table import Table

from ....extension import VERSION
from ...account import Account
from ...functions.selection import Selection
from ...functions.survey import Finding, survey
from ...output import batch, console
from ...output.rollout import exit_with
from .. import options

_AT_ONCE = 8


@click.command("status")
@options.selection
@click.option("--behind", is_flag=True, help="Only those that could have a newer version.")
@options.as_json()
@options.accounts
@options.dry_run
def command(
    accounts: Sequence[Account],
    selection: Selection,
    behind: bool,
    as_json: bool,
    dry_run: bool,  # noqa: ARG001
) -> None:
    """Say which functions have the layer, in which version, and which are behind.

    Those that are named, or all. It changes nothing, with or without --dry-run.
    """
    regions = {account.region: account for account in accounts}
    remarks = console.remarks()
    surveys = batch.run(
        list(regions),
        lambda region: survey(regions[region], VERSION, selection),
        remarks if remarks.is_terminal else None,
        doing="Looking at",
        at_once=_AT_ONCE,
    )
    every = [finding for found in surveys.done.values() for finding in found]
    findings = [finding for finding in every if finding.behind] if behind else every
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    elif findings:
        console.results().print(_table(findings))
    for region, reason in surveys.failed.items():
        remarks.print(f"{region}: {reason}", style="red")
    remarks.print(_summary(every))
    if surveys.stopped:
        remarks.print(f"{surveys.stopped}; not looked at: {', '.join(surveys.left) or 'none'}")
    exit_with(surveys.exit_code)


def _table(findings: Sequence[Finding]) -> Table:
    columns = ("function", "region", "architecture", "version", "layer", "exec", "behind")
    table = console.table(*columns)
    for each in findings:
        table.add_row(
            each.function,
            each.region,
            each.architecture,
            each.version or "unknown",
            each.layer,
            "yes" if each.exec_wrapper else "no",
            each.behind,
            style="yellow" if each.behind else None,
        )
    return table


def _summary(findings: Sequence[Finding]) -> str:
    late = sum(bool(finding.behind) for finding in findings)
    told = f"functions with Warmkey: {len(findings)}; behind: {late}"
    return f"{told} (warmkey publish, then warmkey attach)" if late else told

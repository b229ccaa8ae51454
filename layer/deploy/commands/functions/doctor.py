"""`warmkey doctor`: say what is wrong, what it costs and how to fix it."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

import click
from rich.text import Text

from ...account import Account
from ...doctor.examination import Examination, Report
from ...doctor.finding import Finding, Severity
from ...functions.selection import Selection
from ...output import batch, console
from ...output.failure import InvalidInput
from ...output.rollout import exit_with
from ...secrets.project import Project
from .. import declared_options, options

_AT_ONCE = 4
_COLOURS: Mapping[Severity, str] = {"error": "red", "warning": "yellow", "unchecked": "cyan"}


@click.command("doctor")
@options.selection
@declared_options.project
@declared_options.stages
@options.as_json()
@options.account
@options.dry_run
def command(
    selection: Selection,
    project: Project,
    stages: tuple[str, ...],
    account: Account,
    as_json: bool,
    dry_run: bool,  # noqa: ARG001
) -> None:
    """Look at functions, or without any at a project, for what will go wrong.

    References, permissions, KMS keys, regions, the layer's version, ports, settings, the network,
    and Parameter Store's quota. Exits with 1 if there is an error. It changes nothing, with or
    without --dry-run.
    """
    remarks = console.remarks()
    if selection:
        names = selection.find(account)
        work = _on_function(account, project, stages)
    else:
        names = ["project"]
        work = _on_project(account, project, stages)
    examined = batch.run(
        names,
        work,
        remarks if remarks.is_terminal else None,
        doing="Examining",
        at_once=_AT_ONCE,
        same_place=True,
    )
    reports = list(examined.done.values())
    if as_json:
        rows = [row for report in reports for row in _rows(report)]
        click.echo(json.dumps(rows, indent=2))
    else:
        for report in reports:
            console.results().print(_render(report), end="")
    for name, reason in examined.failed.items():
        remarks.print(f"{name}: {reason}", style="red")
    remarks.print(_summary(reports, len(examined.failed)))
    if examined.stopped:
        remarks.print(f"{examined.stopped}; not examined: {', '.join(examined.left) or 'none'}")
    exit_with(examined.exit_code or int(any(report.is_bad for report in reports)))


def _on_function(
    account: Account, project: Project, stages: Sequence[str]
) -> Callable[[str], Report]:
    """What to do with a function."""
    if len(stages) > 1:
        raise InvalidInput("a function has one stage", "pass --stage once, or not at all")
    examination, stage = Examination(account), "".join(stages)
    return lambda name: examination.of_function(name, project, stage)


def _on_project(
    account: Account, project: Project, stages: Sequence[str]
) -> Callable[[str], Report]:
    return lambda _: Examination(account).of_project(project, stages)


def _rows(report: Report) -> list[Mapping[str, str]]:
    """A row for each finding, as `--json` tells it; one of severity `ok` where there is none."""
    of = {name: getattr(report, name) for name in ("subject", "function", "region", "stage")}
    fine = Finding("ok", "", "", "", "")
    return [{**of, **asdict(finding)} for finding in report.findings or (fine,)]


def _render(report: Report) -> Text:
    """A report, the worst first."""
    if not report.findings:
        return Text(f"{report.subject}: nothing is wrong\n", style="bold")
    lines = Text(f"{report.subject}\n", style="bold")
    for severity, colour in _COLOURS.items():
        for finding in report.findings:
            if finding.severity == severity:
                lines.append(f"  {severity} ", style=f"{colour} bold")
                lines.append(f"{finding.check}: {finding.problem}\n", style="not bold")
                lines.append(f"    impact: {finding.cost}\n", style="not bold")
                lines.append(f"    fix:    {finding.remedy}\n", style="not bold")
    return lines


def _summary(reports: Sequence[Report], failed: int) -> str:
    found = Counter(finding.severity for report in reports for finding in report.findings)
    told = (
        f"examined: {len(reports)}; errors: {found['error']}, warnings: {found['warning']}, "
        f"not checked: {found['unchecked']}"
    )
    return f"{told}; could not be examined: {failed}" if failed else told

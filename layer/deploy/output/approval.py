"""Approval: what is about to change is shown, and an operator says yes or no."""

from collections.abc import Iterable

import click
from rich.console import Console

from .change import Change, render
from .failure import Failure


def approve(
    changes: Iterable[Change],
    console: Console,
    *,
    dry_run: bool,
    yes: bool,
    verbose: bool = True,
) -> bool:
    """Show the changes, and ask whether to make them.

    Args:
        changes: All of them; those that change nothing are left out.
        console: Where to show them.
        dry_run: Only show them.
        yes: Do not ask.
        verbose: Whether to show each of those that are alike.

    Returns:
        Whether to go on; False where there is nothing to do.

    Raises:
        Failure: Nobody is there to answer.
        click.Abort: The answer was no.
    """
    real = [change for change in changes if change]
    console.print(render(real, console.width, verbose=verbose), end="")
    if not real:
        console.print("nothing to change")
    elif dry_run:
        console.print("nothing was changed: --dry-run")
    elif not yes:
        _ask()
    return bool(real) and not dry_run


def _ask() -> None:
    try:
        sure = click.confirm("Make these changes?", err=True)
    except click.Abort:
        click.echo(err=True)
        raise Failure("there was no answer", "pass --yes, or --dry-run for a preview") from None
    if not sure:
        raise click.Abort

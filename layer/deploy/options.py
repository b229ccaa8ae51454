"""Options that commands share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from .account import Account
from .selection import Selection

Command = Callable[..., Any]


def account(command: Command) -> Command:
    """`--profile` and `--region`; the command gets them as its argument `account`."""

    @click.option("--profile", help="AWS profile; the SDKs' default unless given.")
    @click.option("--region", help="AWS region; the profile's own unless given.")
    @wraps(command)
    def with_account(*args: Any, profile: str | None, region: str | None, **kwargs: Any) -> Any:
        return command(*args, account=Account(profile, region), **kwargs)

    return with_account


def accounts(command: Command) -> Command:
    """`--profile` and several `--region`; the command gets an account for each as `accounts`."""

    @click.option("--profile", help="AWS profile; the SDKs' default unless given.")
    @click.option(
        "--region",
        "regions",
        multiple=True,
        help="AWS region; again, or after a comma, for more; the profile's own unless given.",
    )
    @wraps(command)
    def with_accounts(
        *args: Any, profile: str | None, regions: tuple[str, ...], **kwargs: Any
    ) -> Any:
        named = (each.strip() for region in regions for each in region.split(","))
        chosen = dict.fromkeys(filter(None, named))
        found = [Account(profile, each) for each in chosen] or [Account(profile)]
        return command(*args, accounts=found, **kwargs)

    return with_accounts


def dry_run(command: Command) -> Command:
    """`--dry-run`: show what would change, and change nothing."""
    return click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")(
        command
    )


def yes(command: Command) -> Command:
    """`--yes`: do not ask before changing something."""
    return click.option("--yes", "-y", is_flag=True, help="Do not ask before changing anything.")(
        command
    )


def selection(command: Command) -> Command:
    """`FUNCTION…`, `--tag` and `--prefix`; the command gets them as its argument `selection`."""

    @click.argument("functions", nargs=-1, metavar="[FUNCTION]...")
    @click.option(
        "--tag",
        "tags",
        multiple=True,
        metavar="KEY=VALUE",
        callback=pairs,
        help="Functions with this tag; give it again for functions with both.",
    )
    @click.option("--prefix", default="", help="Functions whose names begin so.")
    @wraps(command)
    def with_selection(
        *args: Any, functions: tuple[str, ...], tags: dict[str, str], prefix: str, **kwargs: Any
    ) -> Any:
        return command(*args, selection=Selection(functions, tags, prefix), **kwargs)

    return with_selection


def pairs(
    context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> dict[str, str]:
    """Read options of the form `NAME=VALUE`.

    Raises:
        click.BadParameter: One has no `=`, no name, or the name of another.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals and value) or name in found:
            wrong = "is there twice" if name in found else f"is not {parameter.metavar}"
            raise click.BadParameter(f"{text!r} {wrong}", context, parameter)
        found[name] = value
    return found

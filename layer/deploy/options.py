"""Options that commands share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from .account import Account

Command = Callable[..., Any]


def account(command: Command) -> Command:
    """`--profile` and `--region`; the command gets them as its argument `account`."""

    @click.option("--profile", help="AWS profile; the SDKs' default unless given.")
    @click.option("--region", help="AWS region; the profile's own unless given.")
    @wraps(command)
    def with_account(*args: Any, profile: str | None, region: str | None, **kwargs: Any) -> Any:
        return command(*args, account=Account(profile, region), **kwargs)

    return with_account


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

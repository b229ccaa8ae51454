"""Options that commands share."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from ..account import Account
from ..functions.selection import Selection
from . import completion

Command = Callable[..., Any]
Regions = TypeVar("Regions", str, tuple[str, ...], None)

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d+")

dry_run = click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
yes = click.option("--yes", "-y", is_flag=True, help="Do not ask before changing anything.")
verbose = click.option(
    "--verbose", "-v", is_flag=True, help="Show each function's change, also of those alike."
)
exec_wrapper = click.option(
    "--exec", "exec_wrapper", is_flag=True, help="Put the values into the variables (exec wrapper)."
)
profile = click.option(
    "--profile",
    shell_complete=completion.profiles,
    help="AWS profile; the SDKs' default unless given.",
)
name = click.argument("name", shell_complete=completion.names)
layers = click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="ARN",
    help="A layer version; the newest published one unless given.",
)


def check_region(context: click.Context, parameter: click.Parameter, given: Regions) -> Regions:
    """Make sure that what `--region` says can be a region.

    Raises:
        click.BadParameter: It can't.
    """
    texts = given if isinstance(given, tuple) else (given or "",)
    for region in filter(None, (each.strip() for text in texts for each in text.split(","))):
        if not _REGION.fullmatch(region):
            raise click.BadParameter(f"{region!r} is not like eu-central-1", context, parameter)
    return given


def account(command: Command) -> Command:
    """`--profile` and `--region`; the command gets them as its argument `account`."""

    @profile
    @click.option(
        "--region",
        callback=check_region,
        shell_complete=completion.regions,
        help="AWS region; the profile's own unless given.",
    )
    @wraps(command)
    def with_account(*args: Any, profile: str | None, region: str | None, **kwargs: Any) -> Any:
        return command(*args, account=Account(profile, region), **kwargs)

    return with_account


def accounts(command: Command) -> Command:
    """`--profile` and several `--region`; the command gets an account for each as `accounts`."""

    @profile
    @click.option(
        "--region",
        "regions",
        multiple=True,
        callback=check_region,
        shell_complete=completion.regions,
        help="AWS region, or several, separated by commas; the profile's own unless given.",
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


def selection(command: Command) -> Command:
    """`FUNCTION…`, `--tag` and `--prefix`; the command gets them as its argument `selection`."""

    @click.argument(
        "functions", nargs=-1, metavar="[FUNCTION]...", shell_complete=completion.functions
    )
    @click.option(
        "--tag",
        "tags",
        multiple=True,
        metavar="KEY=VALUE",
        callback=pairs,
        help="Functions with this tag; repeat it to ask for several tags.",
    )
    @click.option("--prefix", default="", help="Functions whose names start with this.")
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
        click.BadParameter: One has no `=`, no name, no value, or the name of another. It is not
            repeated, as it may be a secret.
    """
    found: dict[str, str] = {}
    for number, text in enumerate(texts, 1):
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            wrong = f"number {number} is not {parameter.metavar}"
            raise click.BadParameter(wrong, context, parameter)
        if name in found:
            raise click.BadParameter(f"{name!r} is given twice", context, parameter)
        found[name] = value
    return found


def as_json(meaning: str = "Print it as JSON.") -> Callable[[Command], Command]:
    """`--json`; the command gets it as its argument `as_json`.

    Args:
        meaning: What the help says of it.
    """
    return click.option("--json", "as_json", is_flag=True, help=meaning)

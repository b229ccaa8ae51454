"""What the shell completes: functions, profiles, regions, stages, names and aliases.

Whatever goes wrong, nothing is completed and nothing is said: the line is still being written. AWS
is asked for functions alone, once, and not for long.
https://click.palletsprojects.com/en/stable/shell-completion/
"""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path

import click
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from click.shell_completion import CompletionItem

from ..account import Account
from ..functions import configuration
from ..functions.configuration import Configuration
from ..layers import layer
from ..output.failure import Failure
from ..secrets.project import Project, spell

_HASTY = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})
_CONFIG = "warmkey.json"
_FOR_ATTACHED = ("detach", "upgrade", "status")

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _completing(
    find: Callable[[click.Context], Iterable[str]],
) -> Complete:
    """Completes what is found that begins with what has been written."""

    @wraps(find)
    def complete(
        context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        del parameter
        try:
            found = sorted(set(find(context)))
        except (ClientError, BotoCoreError, Failure, OSError, ValueError):
            return []
        return [CompletionItem(each) for each in found if each.startswith(incomplete)]

    return complete


@_completing
def profiles(_: click.Context) -> Iterable[str]:
    """AWS profiles of this machine."""
    return Account().session.available_profiles


@_completing
def regions(_: click.Context) -> Iterable[str]:
    """Regions that have Lambda."""
    return Account().session.get_available_regions("lambda")


@_completing
def stages(_: click.Context) -> Iterable[str]:
    """Stages of the project in this folder."""
    return (stage for stage in _project().stages() if stage != "*")


@_completing
def names(_: click.Context) -> Iterable[str]:
    """Names of what the project in this folder declares, as `put` and `get` take them."""
    for each in _project().declared():
        if not each.reference.source.is_path:
            yield spell(each.reference).partition("#")[0].partition("?")[0]


@_completing
def functions(context: click.Context) -> Iterator[str]:
    """Functions of the account and region that the line names, if the command is for them."""
    with_layer = context.info_name in _FOR_ATTACHED
    named = _named(context)
    for each in _listed(context):
        has_it = any(layer.is_warmkey(arn) for arn in each.layers)
        if each.name not in named and (has_it or not with_layer):
            yield each.name


@_completing
def aliases(context: click.Context) -> Iterator[str]:
    """Aliases that `attach` has set, of the functions that the line names; of all otherwise."""
    named = _named(context)
    for each in _listed(context):
        if not named or each.name in named:
            yield from (name for name in each.record.made if not name.startswith("WARMKEY_"))


def _named(context: click.Context) -> set[str]:
    """Functions that stand in the line; among its rest where an option still lacks its value."""
    return {*(context.params.get("functions") or ()), *context.args}


def _listed(context: click.Context) -> Iterator[Configuration]:
    region = context.params.get("region") or next(iter(context.params.get("regions") or ()), None)
    account = Account(context.params.get("profile"), region)
    client = account.session.client("lambda", config=_HASTY)
    for page in client.get_paginator("list_functions").paginate():
        yield from map(configuration.read, page["Functions"])


def _project() -> Project:
    return Project({}, Path(_CONFIG).read_text("utf-8-sig"), _CONFIG)

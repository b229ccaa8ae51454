"""`warmkey publish`: put the layer, in both architectures, into regions of an account."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from ..account import Account
from ..layers import zips
from ..layers.publication import Publication, Published, Upload
from ..layers.store import Audience, LayerStore
from ..output import console
from ..output.failure import InvalidInput
from ..output.rollout import Rollout, exit_with
from . import options

_AT_ONCE = 8
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)


def _matching(form: re.Pattern[str], wrong: str) -> Callable[..., tuple[str, ...]]:
    """Reads an option that may be repeated, or hold several, separated by commas.

    Args:
        form: What each has to be like.
        wrong: What one is told that is not.
    """

    def read(
        context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
    ) -> tuple[str, ...]:
        found = [each.strip() for text in given for each in text.split(",")]
        for each in found:
            if not form.fullmatch(each):
                raise click.BadParameter(f"{each!r} {wrong}", context, parameter)
        return tuple(dict.fromkeys(found))

    return read


@click.command("publish")
@click.option(
    "--dist",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the zips; those that come with this command unless given.",
)
@click.option("--public", is_flag=True, help="Let everybody use the layers.")
@click.option(
    "--organization",
    "organizations",
    multiple=True,
    metavar="o-…",
    callback=_matching(_ORGANIZATION, "is not the ID of an organization, such as o-a1b2c3d4e5"),
    help="Let the accounts of an organization use them; repeat it for more.",
)
@click.option(
    "--account",
    "others",
    multiple=True,
    metavar="DIGITS",
    callback=_matching(_ACCOUNT, "is not twelve digits"),
    help="Let an account use them; repeat it for more.",
)
@options.as_json("Print what is published as JSON.")
@options.accounts
@options.dry_run
@options.yes
def command(
    accounts: Sequence[Account],
    dist: Path | None,
    public: bool,
    organizations: tuple[str, ...],
    others: tuple[str, ...],
    as_json: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Publish the layer for both architectures, and print the ARNs.

    What a region has already is not published again.
    """
    if public and (organizations or others):
        raise InvalidInput(
            "--public excludes --organization and --account", "everybody includes them"
        )
    audiences = [
        *([Audience()] if public else ()),
        *(Audience(organization=each) for each in organizations),
        *(Audience(account=each) for each in others),
    ]
    contents = zips.find(dist)
    stores = [LayerStore.of(account) for account in accounts]
    uploads = [Upload(content, accounts[0].id, store) for store in stores for content in contents]
    publication = Publication(uploads, audiences)
    shown_on = console.remarks() if as_json else console.results()
    rollout = Rollout("Publishing", "published", _AT_ONCE, dry_run, yes, shown_on)
    outcome = rollout.run([upload.name for upload in uploads], publication.plan)
    _print(publication.published(), as_json=as_json)
    exit_with(outcome.exit_code)


def _print(published: Sequence[Published], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(each) for each in published], indent=2))
    else:
        for each in published:
            click.echo(each.arn)

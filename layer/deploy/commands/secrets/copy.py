"""`warmkey copy`: a secret, into another account, region or name."""

import click

from ...account import Account
from ...output import console
from ...output.approval import approve
from ...output.failure import Failure, InvalidInput
from ...secrets.stores import targets
from ...secrets.stores.put_request import PutRequest
from .. import completion, options


@click.command("copy")
@options.name
@click.argument("new_name", required=False)
@click.option(
    "--to-profile",
    shell_complete=completion.profiles,
    help="The AWS profile to copy it to; the one it is from unless given.",
)
@click.option(
    "--to-region",
    callback=options.check_region,
    help="The region to copy it to; that of --to-profile unless given.",
)
@click.option("--kms-key", metavar="KEY", help="The copy's KMS key; AWS's own unless given.")
@click.option("--overwrite", is_flag=True, help="Replace what is stored there.")
@options.account
@options.dry_run
@options.yes
def command(
    name: str,
    new_name: str | None,
    to_profile: str | None,
    to_region: str | None,
    kms_key: str | None,
    overwrite: bool,
    account: Account,
    dry_run: bool,
    yes: bool,
) -> None:
    """Copy the secret NAME to another account, region or name, be it in the other store.

    The value goes from one to the other and is not shown. Its description goes along.
    """
    there = Account(to_profile or account.profile, to_region or _same_region(account, to_profile))
    source = targets.of(account.session, name)
    target = targets.of(there.session, new_name or name)
    here, where = account.describe(), there.describe()
    if (here, source.name) == (where, target.name):
        raise InvalidInput(
            f"{source.name} would be copied to itself",
            "pass --to-profile, --to-region or another name",
        )
    original = source.look_up()
    if original is None:
        raise Failure(f"there is no {source.name} in {here}", "`warmkey list` shows what there is")
    if original.value is None:
        reason = original.unknown or "it is binary"
        raise Failure(f"the value of {source.name} could not be read: {reason}", "")
    console.remarks().print(f"{source.name} in {here}, version {original.stored.version}")
    present = target.look_up()
    described = original.stored.description or None
    request = PutRequest(original.value, kms_key, described)
    found = f"{target.name} is in {where}"
    change = target.prepare(request, present, where, overwrite=overwrite, found=found)
    if approve([change], console.results(), dry_run=dry_run, yes=yes):
        version = target.put(request, present)
        console.results().print(f"{target.name} is stored, as version {version}")


def _same_region(account: Account, to_profile: str | None) -> str | None:
    """The region of a copy that stays with the profile; another profile has its own."""
    return None if to_profile else account.region

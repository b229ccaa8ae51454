"""`warmkey put`: store a secret, in Parameter Store or in Secrets Manager."""

from dataclasses import replace

import click

from ...account import Account
from ...output import console
from ...output.approval import approve
from ...output.failure import InvalidInput
from ...secrets import encryption, secret_input
from ...secrets.stores import parameter_target, targets
from ...secrets.stores.present import Present
from ...secrets.stores.put_request import TIERS, PutRequest, Tier
from .. import options


def _policies(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    """Make sure that a parameter's policies are some.

    Raises:
        InvalidInput: They are not.
    """
    if given is None:
        return None
    try:
        return parameter_target.check_policies(given)
    except ValueError:
        raise InvalidInput(
            "--policies is not a JSON list of objects with a Type",
            'write [{"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "…"}}]',
        ) from None


@click.command("put", context_settings={"allow_extra_args": True})
@options.name
@click.option(
    "--file",
    metavar="PATH",
    help="Read the value from a file; - is standard input. Without it, the value is asked for "
    "on a terminal, and else read from standard input.",
)
@click.option("--keep-newline", is_flag=True, help="Keep a line break at the value's end.")
@click.option("--kms-key", metavar="KEY", help="ARN, id or alias/NAME; AWS's own unless given.")
@click.option("--description", help="What it is for.")
@click.option("--tier", type=click.Choice(TIERS), help="The account's default unless given.")
@click.option(
    "--policies",
    callback=_policies,
    metavar="JSON",
    help="A parameter's policies, such as its expiration; takes the tier Advanced.",
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="KEY=VALUE",
    callback=options.pairs,
    help="A tag that it is to have; repeat it for more. Others stay.",
)
@click.option("--overwrite", is_flag=True, help="Replace what is stored under this name.")
@options.account
@options.dry_run
@options.yes
@click.pass_context
def command(
    context: click.Context,
    name: str,
    file: str | None,
    keep_newline: bool,
    kms_key: str | None,
    description: str | None,
    tier: Tier | None,
    policies: str | None,
    tags: dict[str, str],
    overwrite: bool,
    account: Account,
    dry_run: bool,
    yes: bool,
) -> None:
    """Store a secret as NAME: a parameter's, such as /stripeSecretKey/live, or secretsmanager:db.

    The value is never an argument: it would stand in the shell's history and in the list of
    processes.
    """
    if context.args:  # which Click's own message would repeat
        raise click.UsageError(
            "there is more than NAME, and the value is never an argument: leave it out, and enter "
            "it when asked, or pass --file"
        )
    target = targets.of(account.session, name, tags=bool(tags))
    where = account.describe()
    remarks = console.remarks()
    remarks.print(f"{target.name} in {where}")
    present: Present | None = None
    if is_prompted := secret_input.is_prompted(file):
        present = target.look_up()
        overwrite = overwrite or (
            present is not None and _is_to_be_replaced(target.name, present, yes)
        )
    text = secret_input.read(file, keep_newline=keep_newline)
    if text.stripped:
        remarks.print("the line break at its end was removed; --keep-newline keeps it")
    if not is_prompted:
        present = target.look_up()
    request = PutRequest(text.value, kms_key, description, tier, policies, tags)
    if present and kms_key and encryption.same_key(account.session, kms_key, present.stored.key):
        request = replace(request, key=None)
    found = f"{target.name} is there"
    change = target.prepare(request, present, where, overwrite=overwrite, found=found)
    if approve([change], console.results(), dry_run=dry_run, yes=yes):
        version = target.put(request, present)
        console.results().print(f"{target.name} is stored, as version {version}")


def _is_to_be_replaced(name: str, present: Present, yes: bool) -> bool:
    """Ask whether a parameter that is there may be replaced, before anybody enters a value.

    Raises:
        Failure: Nobody is to be asked.
        click.Abort: The answer was no.
    """
    if yes:
        raise present.not_replaced(f"{name} is there")
    return click.confirm(
        f"{name} is there already, as version {present.stored.version}; replace it?",
        abort=True,
        err=True,
    )

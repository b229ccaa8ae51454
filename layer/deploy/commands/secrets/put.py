"""`warmkey put`: store a secret as a SecureString in Parameter Store."""

from collections.abc import Mapping
from dataclasses import replace

import click
from boto3.session import Session
from botocore.exceptions import ClientError

from ...account import Account
from ...output import console
from ...output.approval import approve
from ...output.failure import Failure
from ...secrets import encryption, secret_input
from ...secrets.stores import parameter_name, put_request
from ...secrets.stores.present import Present, look_up
from ...secrets.stores.put_request import TIERS, PutRequest, Tier
from .. import options

_REMEDIES: Mapping[str, str] = {
    "InvalidKeyId": "name the key by ARN, id or alias/NAME; it must be enabled, and in this region",
    "ParameterAlreadyExists": "somebody else has just stored it; review it, and run this again",
    "ParameterLimitExceeded": "delete some, or pass --tier Advanced",
    "ParameterMaxVersionLimitExceeded": "its oldest version has a label; move that to a newer one",
    "HierarchyTypeMismatchException": "delete it, and store it again",
    "TooManyUpdates": "run this again in a moment",
}


@click.command("put", context_settings={"allow_extra_args": True})
@click.argument("name")
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
    overwrite: bool,
    account: Account,
    dry_run: bool,
    yes: bool,
) -> None:
    """Store a secret as the SecureString NAME, such as /stripeSecretKey/live.

    The value is never an argument: it would stand in the shell's history and in the list of
    processes.
    """
    if context.args:  # which Click's own message would repeat
        raise click.UsageError(
            "there is more than NAME, and the value is never an argument: leave it out, and enter "
            "it when asked, or pass --file"
        )
    name = parameter_name.check(name)
    where = account.describe()
    remarks = console.remarks()
    remarks.print(f"{name} in {where}")
    present: Present | None = None
    if is_prompted := secret_input.is_prompted(file):
        present = look_up(account.session, name)
        overwrite = overwrite or (present is not None and _is_to_be_replaced(name, present, yes))
    text = secret_input.read(file, keep_newline=keep_newline)
    if text.stripped:
        remarks.print("the line break at its end was removed; --keep-newline keeps it")
    if not is_prompted:
        present = look_up(account.session, name)
    request = PutRequest(name, text.value, kms_key, description, tier)
    if present and kms_key and encryption.same_key(account.session, kms_key, present.stored.key):
        request = replace(request, key=None)
    change = put_request.change(request, present, where)
    if change:
        put_request.check(request, present)
    if change and present and not overwrite:
        raise _would_change(name, present)
    if approve([change], console.results(), dry_run=dry_run, yes=yes):
        version = _put(account.session, request, present)
        console.results().print(f"{name} is stored, as version {version}")


def _is_to_be_replaced(name: str, present: Present, yes: bool) -> bool:
    """Ask whether a parameter that is there may be replaced, before anybody enters a value.

    Raises:
        Failure: Nobody is to be asked.
        click.Abort: The answer was no.
    """
    if yes:
        raise _would_change(name, present)
    return click.confirm(
        f"{name} is there already, as version {present.stored.version}; replace it?",
        abort=True,
        err=True,
    )


def _would_change(name: str, present: Present) -> Failure:
    return Failure(
        f"{name} is there already, as version {present.stored.version}, and would change",
        "pass --overwrite, with --dry-run to see how",
    )


def _put(session: Session, request: PutRequest, present: Present | None) -> int:
    """Store it; what AWS says about it is told without the value."""
    try:
        arguments = put_request.arguments(request, present)
        return session.client("ssm").put_parameter(**arguments)["Version"]
    except ClientError as error:
        code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        remedy = _REMEDIES.get(code, "")
        if code == "ValidationException" and len(request.value) > put_request.STANDARD_LIMIT:
            remedy = put_request.TOO_LARGE
        if code.startswith("AccessDenied"):
            remedy = "grant ssm:PutParameter on it, and kms:Encrypt on its key"
        message = f"PutParameter: {code}: {said}".rstrip(". :").replace(request.value, "…")
        raise Failure(message, remedy) from None

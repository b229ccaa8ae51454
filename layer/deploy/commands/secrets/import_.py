"""`warmkey import`: many secrets from a file, into Parameter Store or Secrets Manager."""

import click

from ... import named_file
from ...account import Account
from ...output import console
from ...output.change import Change
from ...output.failure import Failure, InvalidInput
from ...output.plan import Plan
from ...output.rollout import Rollout, exit_with
from ...secrets import formats
from ...secrets.stores import targets
from ...secrets.stores.put_request import PutRequest
from .. import options

_AT_ONCE = 4  # SSM's PutParameter takes few calls a second


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--prefix", default="", help="What names get before them, e.g. /app/prod/.")
@click.option("--strip", default="", help="What names lose before that, e.g. /app/dev/.")
@click.option("--kms-key", metavar="KEY", help="ARN, id or alias/NAME; AWS's own unless given.")
@click.option("--overwrite", is_flag=True, help="Replace what is stored under these names.")
@options.account
@options.dry_run
@options.yes
@options.verbose
def command(
    file: str,
    prefix: str,
    strip: str,
    kms_key: str | None,
    overwrite: bool,
    account: Account,
    dry_run: bool,
    yes: bool,
    verbose: bool,
) -> None:
    """Store the secrets in FILE: NAME=value lines, or the JSON of chamber or of aws ssm.

    Each as a SecureString under its name there, after --strip and --prefix; with
    --prefix secretsmanager: in Secrets Manager. - is standard input.
    """
    found = formats.parse(named_file.read_text(file), named_file.described(file))
    values = {f"{prefix}{name.removeprefix(strip)}": value for name, value in found.items()}
    if len(values) < len(found):
        raise InvalidInput("two names become the same", "choose another --strip")
    where = account.describe()
    console.remarks().print(f"{len(values)} secrets, into {where}")

    def plan(name: str) -> Plan:
        return _plan(account, name, values[name], kms_key, where, overwrite=overwrite)

    rollout = Rollout("Storing", "stored", _AT_ONCE, dry_run, yes, verbose=verbose, same_place=True)
    exit_with(rollout.run([*values], plan).exit_code)


def _plan(
    account: Account, name: str, value: str, key: str | None, where: str, *, overwrite: bool
) -> Plan:
    """What is to be done with one of them.

    Raises:
        Failure: It can't be stored, or another value is there and may not be replaced.
    """
    if not value:
        raise Failure("its value is empty", "remove it from the file, or give it one")
    target = targets.of(account.session, name)
    present = target.look_up()
    request = PutRequest(value, key)
    change = target.prepare(request, present, where, overwrite=overwrite, found="it is there")
    if not change:
        return Plan((), lambda: None)
    alike = Change(change.subject, change.before, change.after, frozenset({"version", "written"}))

    def put() -> None:
        target.put(request, present)

    return Plan((alike,), put)

"""`warmkey policy`: print the least that a function's role must be allowed."""

import json
import re
from collections.abc import Iterable, Sequence

import click
from boto3.session import Session

from ....extension.declared.reference import Reference
from ....extension.sources.source import Place
from ...account import Account
from ...iam import policy
from ...output import console, failure
from ...output.failure import Failure
from ...output.rollout import finish
from ...secrets import arn, encryption
from ...secrets.encryption import Encryption
from ...secrets.project import Project
from .. import declared_options, options

_ACCOUNT = re.compile(r"[0-9]{12}")
_UNASKED = (
    "no account was asked which KMS keys encrypt these: there are no credentials, or no region; "
    "pass --profile, or set AWS_REGION"
)


def _check_account(
    context: click.Context, parameter: click.Parameter, given: str | None
) -> str | None:
    if given and not _ACCOUNT.fullmatch(given):
        raise click.BadParameter(f"{given!r} is not twelve digits", context, parameter)
    return given


@click.command(name="policy")
@declared_options.project
@declared_options.stages
@click.option("--profile", help="AWS profile, whose account and region then stand in the policy.")
@click.option(
    "--region",
    callback=options.check_region,
    help="AWS region; the profile's own, or a placeholder, unless given.",
)
@click.option(
    "--account",
    "account_id",
    callback=_check_account,
    help="The account's twelve digits; a placeholder unless given.",
)
@click.option(
    "--kms-key",
    "kms_keys",
    multiple=True,
    metavar="KEY",
    help="A customer managed key that encrypts these: its ARN, its id or alias/NAME.",
)
@options.dry_run
def command(
    project: Project,
    stages: tuple[str, ...],
    profile: str | None,
    region: str | None,
    account_id: str | None,
    kms_keys: tuple[str, ...],
    dry_run: bool,  # noqa: ARG001
) -> None:
    """Print the IAM policy that lets a role read what is declared, and nothing else.

    Where there are credentials, AWS is asked for the keys in use; the account and the region are
    placeholders, as of Fn::Sub in CloudFormation and SAM, unless they or --profile are given. Exits
    with 1 if it is too large for IAM. It changes nothing, with or without --dry-run.
    """
    references = [each.reference for each in project.declared(stages)]
    if not references:
        raise Failure("nothing is declared", "add secrets to it, or name some with --secret")
    place = _place(profile, region, account_id)
    found = _keys(references, kms_keys, profile, region)
    document = policy.document(references, place, keys=found.keys)
    click.echo(json.dumps(document, indent=2))
    for remark in (*policy.warnings(document), *found.unknown):
        console.remarks().print(remark)
    if found.unknown:
        console.remarks().print(
            "a key that is not AWS's own needs a statement: name it with --kms-key"
        )
    finish(went_well=policy.size(document) <= policy.LARGEST_INLINE)


def _place(profile: str | None, region: str | None, account_id: str | None) -> Place:
    """Where names are looked up, as far as it is known."""
    if profile:
        account = Account(profile, region)
        region, account_id = account.region, account_id or account.id
    partition = Session().get_partition_for_region(region) if region else arn.TEMPLATE.partition
    return Place(partition, region or arn.TEMPLATE.region, account_id or arn.TEMPLATE.account)


def _keys(
    references: Sequence[Reference],
    named: Iterable[str],
    profile: str | None,
    region: str | None,
) -> Encryption:
    """The keys that were named; where none were, those that the account uses.

    The account is that of a profile, or of whatever credentials there are, as those of a CI job.
    """
    if named:
        return Encryption({key: tuple(arn.sources(references)) for key in named}, ())
    session = Account(profile, region).session
    if not profile and not (session.region_name and session.get_credentials()):
        return Encryption({}, (_UNASKED,))
    try:
        return encryption.look_up(session, references)
    except failure.OF_AWS as error:
        if profile:
            raise
        said = failure.of_aws(error).message
        return Encryption({}, (f"which KMS keys encrypt these is not known: {said}",))

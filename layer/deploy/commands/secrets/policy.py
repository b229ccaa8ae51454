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
from .. import completion, declared_options, options

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
@click.option(
    "--profile",
    shell_complete=completion.profiles,
    help="AWS profile, whose account and region then stand in the policy.",
)
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
@click.option(
    "--role",
    default="",
    metavar="ARN",
    help="Print the policy of a role that references name (roleArn), not that of the function's.",
)
@click.option(
    "--trust",
    "trusted",
    default="",
    metavar="ARN",
    help="Print the trust policy of such roles, for a function whose own role this is.",
)
@click.option("--external-id", default="", help="What the trust policy asks for besides.")
@options.dry_run
def command(
    project: Project,
    stages: tuple[str, ...],
    profile: str | None,
    region: str | None,
    account_id: str | None,
    kms_keys: tuple[str, ...],
    role: str,
    trusted: str,
    external_id: str,
    dry_run: bool,  # noqa: ARG001
) -> None:
    """Print the IAM policy that lets a role read what is declared, and nothing else.

    Where there are credentials, AWS is asked for the keys in use; the account and the region are
    placeholders, as of Fn::Sub in CloudFormation and SAM, unless they or --profile are given. Exits
    with 1 if it is too large for IAM. It changes nothing, with or without --dry-run.
    """
    if trusted:
        click.echo(json.dumps(policy.trust(trusted, external_id), indent=2))
        return
    references = [each.reference for each in project.declared(stages)]
    if not references:
        raise Failure("nothing is declared", "add secrets to it, or name some with --secret")
    others = policy.roles(references)
    if role and role not in others:
        named = ", ".join(others) or "none"
        raise Failure(f"no reference is read as {role}", f"roles that references name: {named}")
    place = _place(profile, region, account_id)
    read = [each for each in references if each.source.role == role]
    found = _keys(read, kms_keys, profile, region) if profile or not role else _elsewhere(role)
    document = policy.document(references, place, keys=found.keys, role=role)
    click.echo(json.dumps(document, indent=2))
    for remark in (*policy.warnings(document), *found.unknown):
        console.remarks().print(remark)
    if found.unknown:
        console.remarks().print(
            "a key that is not AWS's own needs a statement: name it with --kms-key"
        )
    for other in others if not role else ():
        console.remarks().print(
            f"{other} needs a policy, and has to trust the function's role: warmkey policy --role "
            f"{other}; warmkey policy --trust ARN-OF-THE-FUNCTION'S-ROLE"
        )
    finish(went_well=policy.size(document) <= policy.LARGEST_INLINE)


def _elsewhere(role: str) -> Encryption:
    return Encryption({}, (f"its account was not asked which KMS keys encrypt what {role} reads",))


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

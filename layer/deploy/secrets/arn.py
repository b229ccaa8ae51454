"""ARNs: what AWS calls a declared source, in the account and region that it is read in.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""

from collections.abc import Iterable

from ...extension.declared.reference import Reference
from ...extension.sources.parameter import SECRET_PREFIX, Parameter
from ...extension.sources.secretsmanager import Secret
from ...extension.sources.source import Place, Source

TEMPLATE = Place("${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}")
"""Placeholders that `Fn::Sub` of CloudFormation and SAM fills in."""


def sources(references: Iterable[Reference]) -> list[Source]:
    """What is read for some references, each once and in their order.

    A parameter below `/aws/reference/secretsmanager/` is a secret, too, and is read as both:
    https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
    """
    found: dict[Source, None] = {}
    for source in (each.source for each in references):
        found[source] = None
        if secret := secret_behind(source):
            found[secret] = None
    return list(found)


def secret_behind(source: Source) -> Secret | None:
    """The secret that a parameter passes through; None for any other source."""
    if isinstance(source, Parameter) and source.name.startswith(SECRET_PREFIX):
        return Secret(source.name.removeprefix(SECRET_PREFIX), role=source.role)
    return None


def below(path: Source, place: Place) -> str:
    """The ARNs of all parameters below a path, as a pattern of IAM's."""
    return f"{path.arn(place)}/*"


def of_key(key: str, place: Place) -> str:
    """The ARN of a KMS key or alias.

    Args:
        key: An ARN, a key's id, or `alias/name`.
        place: Where it lies unless it is an ARN.
    """
    if key.startswith("arn:"):
        return key
    return place.arn("kms", key if key.startswith("alias/") else f"key/{key}")


def account_of(role: str, place: Place) -> Place:
    """Where names are looked up as a role: in its account.

    Args:
        role: The role's ARN; empty for the function's own.
        place: Where the function is.
    """
    if not role:
        return place
    _, partition, _, _, account, _ = role.split(":", 5)
    return Place(partition, place.region, account)


def home(source: Source, place: Place) -> Place:
    """Where a source lies: what its ARN says, or the place where names are looked up."""
    if not source.name.startswith("arn:"):
        return place
    _, partition, _, region, account, _ = source.name.split(":", 5)
    return Place(partition, region, account)

"""ARNs: what AWS calls a declared source, in the account and region that it is read in.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...extension.declared.reference import Reference
from ...extension.sources.source import Parameter, ParameterPath, Secret, Source

_SECRET_BY_PARAMETER = "/aws/reference/secretsmanager/"  # noqa: S105 (a prefix of names)
_PUBLIC = "/aws/service/"  # parameters that AWS publishes; they lie in no account
# Secrets Manager ends each ARN with six characters of its own, which the name alone doesn't tell:
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html
_ANY_SUFFIX = "-??????"
_COMPLETE = re.compile(r"-[A-Za-z0-9]{6}\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """Where names are looked up that aren't ARNs themselves.

    Attributes:
        partition: `aws`, `aws-cn`, `aws-us-gov` and the like.
        region: Such as `eu-central-1`.
        account: Twelve digits.
    """

    partition: str
    region: str
    account: str


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
    if isinstance(source, Parameter) and source.name.startswith(_SECRET_BY_PARAMETER):
        return Secret(source.name.removeprefix(_SECRET_BY_PARAMETER))
    return None


def of_source(source: Source, place: Place) -> str:
    """The ARN that IAM checks a read of a source against; it may end in `-??????`.

    That of a path is the path's own, not that of the parameters below it.
    """
    match source:
        case Secret(name=name):
            if not name.startswith("arn:"):
                return _join(place, "secretsmanager", f"secret:{name}{_ANY_SUFFIX}")
            return name if _COMPLETE.search(name) else name + _ANY_SUFFIX
        case Parameter(name=name) if name.startswith("arn:"):
            return name
        case Parameter(name=name) | ParameterPath(name=name):
            if name.startswith(_PUBLIC):
                place = Place(place.partition, place.region, "")
            return _join(place, "ssm", f"parameter/{name.lstrip('/')}")


def below(path: ParameterPath, place: Place) -> str:
    """The ARNs of all parameters below a path, as a pattern of IAM's."""
    return f"{of_source(path, place)}/*"


def of_key(key: str, place: Place) -> str:
    """The ARN of a KMS key or alias.

    Args:
        key: An ARN, a key's id, or `alias/name`.
        place: Where it lies unless it is an ARN.
    """
    if key.startswith("arn:"):
        return key
    return _join(place, "kms", key if key.startswith("alias/") else f"key/{key}")


def home(source: Source, place: Place) -> Place:
    """Where a source lies: what its ARN says, or the place where names are looked up."""
    if not source.name.startswith("arn:"):
        return place
    _, partition, _, region, account, _ = source.name.split(":", 5)
    return Place(partition, region, account)


def _join(place: Place, service: str, resource: str) -> str:
    return f"arn:{place.partition}:{service}:{place.region}:{place.account}:{resource}"

"""What is stored for declared sources: type, version, date and key, never a value.

DescribeParameters and DescribeSecret carry no values. Only where a version, a label or an ARN is
asked for does GetParameter tell more, and then its value travels undecrypted, and is dropped.
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.exceptions import ClientError

from ...extension.sources.parameter import Parameter
from ...extension.sources.parameter_path import ParameterPath
from ...extension.sources.secretsmanager import Secret
from ...extension.sources.source import Source
from . import arn

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_ssm import SSMClient
    from types_boto3_ssm.type_defs import ParameterMetadataTypeDef, ParameterStringFilterTypeDef

SECURE = "SecureString"
_NAMES_AT_ONCE = 50  # names in one filter of DescribeParameters
_CURRENT = "AWSCURRENT"
_ELSEWHERE = ("arn:", "/aws/")  # names that DescribeParameters does not know
_ABSENT = {
    "ParameterNotFound": "missing",
    "ResourceNotFoundException": "missing",
    "ParameterVersionNotFound": "no such version or label",
    "ValidationException": "no name that can be read here",  # as is the ARN of another region
}


@dataclass(frozen=True, slots=True)
class Stored:
    """One parameter or secret, as it is described.

    Attributes:
        name: Its name; of a parameter read by ARN, the ARN.
        type: `SecureString`, `String`, `StringList`, or `secret` for one of Secrets Manager's.
        version: Of a parameter a number, of a secret an id.
        modified: When that version was written, or the secret last changed.
        key: What is known of the KMS key: its id, ARN or alias; empty where it has none, or for
            a secret AWS's own.
        tier: `Standard`, `Advanced` or empty.
        description: What its owner wrote.
        arn: A secret's ARN, which its name does not tell; empty for a parameter.
    """

    name: str
    type: str
    version: str
    modified: datetime | None
    key: str = ""
    tier: str = ""
    description: str = ""
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """Nothing that could be read.

    Attributes:
        reason: Why, such as `missing` or `denied`.
        detail: What AWS said; empty where it said nothing.
        action: Which permission is lacking where it is denied, e.g. `ssm:DescribeParameters`.
    """

    reason: str
    detail: str = ""
    action: str = ""


Entry = tuple[Stored, ...] | Absent
"""What is stored for a source: one, or for a path any number."""


def look_up(session: Session, sources: Iterable[Source]) -> dict[Source, Entry]:
    """What is stored for each source.

    Args:
        session: The operator's, in the region that is asked.
        sources: What is declared.

    Raises:
        ClientError: AWS refused for another reason than that something is missing or denied.
    """
    wanted = list(dict.fromkeys(sources))
    client = _StoredSecrets(session)
    named = [source.name for source in wanted if isinstance(source, Parameter)]
    described = client.describe([name for name in named if not name.startswith(_ELSEWHERE)])
    return {source: client.entry(source, described) for source in wanted}


class _StoredSecrets:
    """Asks SSM and Secrets Manager, each only when something of it is declared."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def _ssm(self) -> "SSMClient":
        return self._session.client("ssm")

    @cached_property
    def _secrets(self) -> "SecretsManagerClient":
        return self._session.client("secretsmanager")

    def describe(self, names: Sequence[str]) -> Mapping[str, Stored] | Absent:
        """The latest version of each parameter that exists, by its name."""
        try:
            found: dict[str, Stored] = {}
            for start in range(0, len(names), _NAMES_AT_ONCE):
                some = list(names[start : start + _NAMES_AT_ONCE])
                for each in self._pages({"Key": "Name", "Option": "Equals", "Values": some}):
                    found[each.name] = each
        except ClientError as error:
            return _absent(error)
        return found

    def entry(self, source: Source, described: Mapping[str, Stored] | Absent) -> Entry:
        """What is stored for a source, after its like were described together."""
        try:
            match source:
                case Secret():
                    return self._secret(source)
                case ParameterPath(name=path):
                    below = self._pages({"Key": "Path", "Option": "Recursive", "Values": [path]})
                    return tuple(below) or Absent("nothing below it")
                case Parameter():
                    secret = arn.secret_behind(source)
                    return self._secret(secret) if secret else self._parameter(source, described)
                case _:
                    return Absent(f"not described: {source.service} is not known to this command")
        except ClientError as error:
            return _absent(error)

    def _parameter(self, source: Parameter, described: Mapping[str, Stored] | Absent) -> Entry:
        latest = None if isinstance(described, Absent) else described.get(source.name)
        if not source.selector and not source.name.startswith(_ELSEWHERE):
            if isinstance(described, Absent):
                return described
            return (latest,) if latest else Absent("missing")
        found = self._ssm.get_parameter(Name=source.wire_name, WithDecryption=False)["Parameter"]
        stored = latest or Stored(source.name, found["Type"], "", None)
        modified = found.get("LastModifiedDate")
        return (replace(stored, version=str(found["Version"]), modified=modified),)

    def _secret(self, source: Secret) -> Entry:
        found = self._secrets.describe_secret(SecretId=source.name)
        if found.get("DeletedDate"):
            return Absent("scheduled for deletion")
        versions = found.get("VersionIdsToStages", {})
        stage = source.version_stage or _CURRENT
        by_stage = (version for version, stages in versions.items() if stage in stages)
        version = source.version_id or next(by_stage, "")
        if version not in versions:
            return Absent("no such version")
        return (
            Stored(
                found["Name"],
                "secret",
                version,
                found.get("LastChangedDate") or found.get("CreatedDate"),
                key=found.get("KmsKeyId", ""),
                description=found.get("Description", ""),
                arn=found["ARN"],
            ),
        )

    def _pages(self, filtered: "ParameterStringFilterTypeDef") -> Iterator[Stored]:
        pages = self._ssm.get_paginator("describe_parameters").paginate(ParameterFilters=[filtered])
        for page in pages:
            yield from map(_stored, page["Parameters"])


def _stored(found: "ParameterMetadataTypeDef") -> Stored:
    return Stored(
        found["Name"],
        found["Type"],
        str(found["Version"]),
        found.get("LastModifiedDate"),
        key=found.get("KeyId", "") if found["Type"] == SECURE else "",
        tier=found.get("Tier", ""),
        description=found.get("Description", ""),
    )


def _absent(error: ClientError) -> Absent:
    """What an error means for what was asked for.

    Raises:
        ClientError: It means something else.
    """
    code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code.startswith("AccessDenied"):
        service = "secretsmanager" if error.operation_name == "DescribeSecret" else "ssm"
        return Absent("denied", said, f"{service}:{error.operation_name}")
    if code in _ABSENT:
        return Absent(_ABSENT[code], said)
    raise error

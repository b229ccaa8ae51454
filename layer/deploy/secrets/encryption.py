"""Which customer managed KMS keys encrypt what is declared, as far as an operator may see it.

https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.exceptions import ClientError, ParamValidationError

from ...extension.declared.reference import Reference
from ...extension.sources.source import Source
from . import arn, description, stored
from .stored import Absent, Entry

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

_AWS_MANAGED = "alias/aws/"


@dataclass(frozen=True, slots=True)
class Encryption:
    """The keys of some references.

    Attributes:
        keys: From each customer managed key's ARN, or its alias where that is all that may be
            seen, to what it encrypts; as `policy.document` takes it.
        unknown: What could not be found out, a sentence each.
    """

    keys: Mapping[str, tuple[Source, ...]]
    unknown: tuple[str, ...]


def look_up(session: Session, references: Iterable[Reference]) -> Encryption:
    """The keys that encrypt what some references point to.

    Args:
        session: The operator's, in the region that is asked; needs `ssm:DescribeParameters`,
            `secretsmanager:DescribeSecret` and `kms:DescribeKey`, and says what it missed.
        references: What is declared.
    """
    entries = description.look_up(session, arn.sources(references))
    owners = _Owners(session.client("kms"))
    keys: dict[str, list[Source]] = {}
    for source, entry in entries.items():
        for key in _names(entry):
            if found := owners.customer_managed(key):
                keys.setdefault(found, []).append(source)
    return Encryption(
        {key: tuple(sources) for key, sources in keys.items()}, tuple(_unknown(entries))
    )


def same_key(session: Session, one: str, other: str) -> bool:
    """Whether two names are of the same key, as far as it may be seen.

    Args:
        session: The operator's, in the region that is asked.
        one: A key's ARN, id or alias.
        other: Another one.
    """
    if one == other:
        return True
    kms = session.client("kms")
    try:
        first, second = (kms.describe_key(KeyId=key)["KeyMetadata"] for key in (one, other))
    except (ClientError, ParamValidationError):
        return False
    return first["Arn"] == second["Arn"]


class _Owners:
    """Tells keys that an account manages from AWS's own, asking for each once."""

    def __init__(self, kms: "KMSClient") -> None:
        self._kms = kms
        self._known: dict[str, str] = {}

    def customer_managed(self, key: str) -> str:
        """The key's ARN, or what it is called where it may not be seen; empty for AWS's own."""
        if _AWS_MANAGED in key:
            return ""
        if key not in self._known:
            self._known[key] = self._describe(key)
        return self._known[key]

    def _describe(self, key: str) -> str:
        try:
            found = self._kms.describe_key(KeyId=key)["KeyMetadata"]
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code.startswith("AccessDenied") or code == "NotFoundException":
                return key
            raise
        return "" if found.get("KeyManager") == "AWS" else found["Arn"]


def _names(entry: Entry) -> Iterable[str]:
    """The keys of what is stored, each once."""
    return () if isinstance(entry, Absent) else {each.key: None for each in entry if each.key}


def _unknown(entries: Mapping[Source, Entry]) -> Iterator[str]:
    for source, entry in entries.items():
        if isinstance(entry, Absent):
            yield f"the KMS key of {source.name} is not known: {entry.reason}"
        elif any(each.type == stored.SECURE and not each.key for each in entry):
            yield f"the KMS key of {source.name} is not known: only its owner is told"

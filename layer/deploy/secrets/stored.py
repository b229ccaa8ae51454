"""What is stored for a declared source: type, version, date and key, never a value."""

from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import ClientError

SECURE = "SecureString"
_ABSENT = {
    "ParameterNotFound": "missing",
    "ResourceNotFoundException": "missing",
    "ParameterVersionNotFound": "no such version or label",
    "ValidationException": "no name that can be read here",  # as is the ARN of another region
}
_MISSING = frozenset(("missing", "no such version", "no such version or label", "nothing below it"))


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
        policies: A parameter's policies, as JSON; empty where it has none.
    """

    name: str
    type: str
    version: str
    modified: datetime | None
    key: str = ""
    tier: str = ""
    description: str = ""
    arn: str = ""
    policies: str = ""


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

    @property
    def is_missing(self) -> bool:
        """Whether it surely does not exist."""
        return self.reason in _MISSING


Entry = tuple[Stored, ...] | Absent
"""What is stored for a source: one, or for a path any number."""


def absent(error: ClientError, service: str) -> Absent:
    """What an error means for what was asked for.

    Args:
        error: What AWS said.
        service: Which of its services, as IAM calls it.

    Raises:
        ClientError: It means something else.
    """
    code, said = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code.startswith("AccessDenied"):
        return Absent("denied", said, f"{service}:{error.operation_name}")
    if code in _ABSENT:
        return Absent(_ABSENT[code], said)
    raise error

"""What Secrets Manager says of secrets without their values.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.exceptions import ClientError

from ....extension.sources.secretsmanager import Secret
from ....extension.sources.source import Source
from ..stored import Absent, Entry, Stored, absent

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

_SERVICE = Secret.service
_CURRENT = "AWSCURRENT"


def describe(session: Session, sources: Sequence[Source]) -> dict[Source, Entry]:
    """What is stored for secrets.

    Raises:
        ClientError: AWS refused for another reason than that something is missing or denied.
    """
    client = session.client("secretsmanager")
    return {each: _entry(client, each) for each in sources if isinstance(each, Secret)}


def _entry(client: "SecretsManagerClient", source: Secret) -> Entry:
    try:
        found = client.describe_secret(SecretId=source.name)
    except ClientError as error:
        return absent(error, _SERVICE)
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

"""One name in Secrets Manager.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
"""

from collections.abc import Mapping

from boto3.session import Session
from botocore.exceptions import ClientError

from ....extension.sources.secretsmanager import Secret
from ...output.change import Change
from ...output.failure import Failure
from .. import description
from ..stored import Absent
from . import put_request
from .present import Present
from .put_request import PutRequest
from .target import Target, Value, Version

LIMIT = 65_536  # bytes; https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html

_AWS_KEY = "alias/aws/secretsmanager"
_CURRENT = "AWSCURRENT"
_REMEDIES: Mapping[str, str] = {
    "EncryptionFailure": "name a key that is enabled, and in this region",
    "LimitExceededException": "delete versions or secrets that are not needed",
    "ResourceExistsException": "somebody else has just stored it; review it, and run this again",
    "InvalidRequestException": "if it is to be deleted: aws secretsmanager restore-secret",
}
_DENIED = "grant secretsmanager:CreateSecret and PutSecretValue on it, and its key's use"


class SecretTarget(Target):
    """A secret, by its name or ARN."""

    def __init__(self, session: Session, name: str, *, tags: bool = False) -> None:
        super().__init__(session, name, tags=tags)
        self._client = session.client("secretsmanager")

    def look_up(self) -> Present | None:
        """What is stored; None where nothing is.

        Raises:
            Failure: Neither a description nor the value may be seen, or it is to be deleted.
        """
        [entry] = description.look_up(self._session, [Secret(self.name)]).values()
        if isinstance(entry, Absent):
            if entry.reason == "missing":
                return None
            raise Failure(
                f"{self.name}: {entry.reason}",
                f"grant {entry.action} on it"
                if entry.action
                else f"aws secretsmanager restore-secret --secret-id {self.name}",
            )
        try:
            read = self._client.get_secret_value(SecretId=self.name)
        except ClientError as error:
            unknown = f"not compared with the current one: {error.response['Error']['Code']}"
            return Present(entry[0], None, unknown, tags=self._tags())
        return Present(entry[0], read.get("SecretString"), tags=self._tags())

    def check(self, request: PutRequest, present: Present | None) -> None:
        """Make sure that Secrets Manager will take it, as far as that can be told beforehand.

        Raises:
            Failure: It won't.
        """
        if present is None and self.name.startswith("arn:"):
            raise Failure(f"there is no secret {self.name}", "name a new one by its name")
        if (size := len(request.value.encode())) > LIMIT:
            raise Failure(
                f"the value has {size} bytes, and Secrets Manager allows {LIMIT}",
                "keep it elsewhere, such as in S3, and the key to it here",
            )
        if request.tier or request.policies:
            raise Failure(
                "a secret of Secrets Manager has neither tier nor policies",
                "leave --tier and --policies out",
            )

    def change(self, request: PutRequest, present: Present | None, where: str) -> Change:
        """What storing it changes; nothing where the same is stored already."""
        subject = f"secret {self.name} in {where}"
        if present is None:
            return put_request.creation(subject, request, {"key": _AWS_KEY, "type": "secret"})
        after = {"type": present.stored.type}
        same = request.value == present.value
        version = present.stored.version if same else "(a new one)"
        return put_request.replacement(subject, request, present, after, version)

    def put(self, request: PutRequest, present: Present | None) -> str:
        """Store it, and say as which version.

        Raises:
            Failure: AWS refused.
        """
        try:
            return self._create(request) if present is None else self._replace(request, present)
        except ClientError as error:
            name = error.operation_name
            raise put_request.refused(name, error, request.value, _REMEDIES, _DENIED) from None

    def read(self, version: str) -> Value:
        """What is stored in a stage or version id; the current one where it is empty."""
        asked = {"VersionStage": version} if version.isupper() else {"VersionId": version}
        found = self._client.get_secret_value(
            SecretId=self.name,
            **(asked if version else {}),
        )
        value = found["SecretString"] if "SecretString" in found else found["SecretBinary"]
        return Value(value, found["VersionId"])

    def history(self) -> list[Version]:
        """Every version that there still is, the newest first; without values."""
        found: list[Version] = []
        token = ""
        while True:
            page = self._client.list_secret_version_ids(
                SecretId=self.name,
                IncludeDeprecated=True,
                **({"NextToken": token} if token else {}),  # type: ignore[arg-type]
            )
            for each in page["Versions"]:
                stages = tuple(each.get("VersionStages", ()))
                found.append(Version(each["VersionId"], each.get("CreatedDate"), stages))
            token = page.get("NextToken", "")
            if not token:
                break
        return sorted(found, key=lambda each: -each.modified.timestamp() if each.modified else 0.0)

    def removal(self, present: Present, where: str, days: int) -> Change:
        """What deleting it changes."""
        told = {
            "version": present.stored.version,
            "value": f"(can be restored for {days} days: aws secretsmanager restore-secret)",
        }
        return Change(f"secret {self.name} in {where}", told, {})

    def delete(self, days: int) -> None:
        """Schedule its deletion."""
        self._client.delete_secret(SecretId=self.name, RecoveryWindowInDays=days)

    def _create(self, request: PutRequest) -> str:
        chosen = {
            "KmsKeyId": request.key,
            "Description": request.description,
            "Tags": put_request.pairs(request.tags),
        }
        answer = self._client.create_secret(
            Name=self.name,
            SecretString=request.value,
            **put_request.given(chosen),
        )
        return answer["VersionId"]

    def _replace(self, request: PutRequest, present: Present) -> str:
        chosen = {"KmsKeyId": request.key, "Description": request.description}
        if said := put_request.given(chosen):
            self._client.update_secret(SecretId=self.name, **said)
        if request.tags:
            self._client.tag_resource(
                SecretId=self.name,
                Tags=put_request.pairs(request.tags),  # type: ignore[arg-type]
            )
        if request.value == present.value:
            return present.stored.version
        answer = self._client.put_secret_value(SecretId=self.name, SecretString=request.value)
        return answer["VersionId"]

    def _tags(self) -> dict[str, str]:
        if not self._with_tags:
            return {}
        found = self._client.describe_secret(SecretId=self.name)
        return {each["Key"]: each["Value"] for each in found.get("Tags", ())}

"""AWS Secrets Manager: secrets with versions and stages, and the actions that read them.

Behaviour as in AWS's API reference (Secrets Manager: GetSecretValue, BatchGetSecretValue).
"""

import base64
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.canary.watch import KnownSecrets
from tests.fakes.aws_body import Body, text, texts
from tests.fakes.aws_error import AwsError

BATCH = 20
CURRENT = "AWSCURRENT"
_PREVIOUS = "AWSPREVIOUS"


@dataclass(slots=True)
class _Version:
    id: str
    value: str | bytes = field(repr=False)
    stages: list[str]
    created: float


@dataclass(slots=True)
class _Secret:
    name: str
    arn: str
    versions: list[_Version] = field(default_factory=list)
    deleted: bool = False

    def version(self, version_id: str | None, stage: str | None) -> _Version:
        """The version that the id names, else the stage, else the current one."""
        if version_id is None:
            return self._find(lambda v: (stage or CURRENT) in v.stages, "staging label", stage)
        found = self._find(lambda v: v.id == version_id, "VersionId", version_id)
        if stage is not None and stage not in found.stages:
            raise _error(
                "InvalidRequestException",
                "You provided a VersionStage that is not associated to the provided VersionId.",
            )
        return found

    def _find(self, wanted: Callable[[_Version], bool], by: str, what: str | None) -> _Version:
        for version in self.versions:
            if wanted(version):
                return version
        raise _not_found(f"secret value for {by}: {what or CURRENT}")


class SecretsManager:
    """The secrets of one account in one region. Thread-safe.

    Args:
        region: Part of each secret's ARN.
        account: The same.
        clock: Seconds since the epoch, for CreatedDate.
        known: Where its values are remembered, to be seen nowhere else.
    """

    def __init__(
        self,
        region: str,
        account: str,
        clock: Callable[[], float] = time.time,
        known: KnownSecrets | None = None,
    ) -> None:
        self._prefix = f"arn:aws:secretsmanager:{region}:{account}:secret:"
        self._clock = clock
        self._known_secrets = known or KnownSecrets()
        self._lock = threading.RLock()
        self._secrets: dict[str, _Secret] = {}

    def put(self, name: str, value: str | bytes, stages: Sequence[str] = (CURRENT,)) -> str:
        """Store a value as a new version, text or binary; return the version's id."""
        with self._lock:
            self._known_secrets.add(value)
            secret = self._secrets.setdefault(name, _Secret(name, f"{self._prefix}{name}-AbCdEf"))
            for version in secret.versions:
                replaced = CURRENT in version.stages and CURRENT in stages
                moved = {*stages, _PREVIOUS} if CURRENT in stages else {*stages}
                kept = [stage for stage in version.stages if stage not in moved]
                version.stages = kept + ([_PREVIOUS] if replaced else [])
            new = _Version(str(uuid.uuid4()), value, list(stages), self._clock())
            secret.versions.append(new)
            return new.id

    def delete(self, name: str) -> None:
        """Mark a secret for deletion: reading it is refused from now on."""
        with self._lock:
            self._secrets[name].deleted = True

    def resource(self, action: str, secret_id: str) -> str:
        """What IAM names when it denies an action: a secret's ARN, or an unknown id as sent."""
        del action  # every action has secrets for its resources
        with self._lock:
            found = self._find(secret_id)
            return found.arn if found else secret_id

    def act(self, action: str, body: Body) -> Body:
        """Answer one call.

        Raises:
            AwsError: As Secrets Manager refuses.
        """
        with self._lock:
            match action:
                case "GetSecretValue":
                    return self._read(
                        text(body, "SecretId"), body.get("VersionId"), body.get("VersionStage")
                    )
                case "BatchGetSecretValue":
                    return self._read_batch(texts(body, "SecretIdList", BATCH))
                case _:
                    raise AwsError("UnknownOperationException")

    def _find(self, secret_id: str) -> _Secret | None:
        for secret in self._secrets.values():
            # An ARN is also accepted without the six characters that AWS puts at its end.
            if secret_id in (secret.name, secret.arn, secret.arn[:-7]):
                return secret
        return None

    def _read(self, secret_id: str, version_id: str | None, stage: str | None) -> dict[str, Any]:
        secret = self._find(secret_id)
        if secret is None:
            raise _not_found("secret.")
        if secret.deleted:
            raise _error(
                "InvalidRequestException",
                "You can't perform this operation on the secret because it was marked for "
                "deletion.",
            )
        version = secret.version(version_id, stage)
        answer: dict[str, Any] = {
            "ARN": secret.arn,
            "CreatedDate": round(version.created, 3),
            "Name": secret.name,
            "VersionId": version.id,
            "VersionStages": version.stages,
        }
        if isinstance(version.value, str):
            return answer | {"SecretString": version.value}
        return answer | {"SecretBinary": base64.b64encode(version.value).decode()}

    def _read_batch(self, ids: list[str]) -> dict[str, Any]:
        answers = [self._read_or_explain(secret_id) for secret_id in ids]
        return {
            "SecretValues": [answer for answer in answers if "ErrorCode" not in answer],
            "Errors": [answer for answer in answers if "ErrorCode" in answer],
        }

    def _read_or_explain(self, secret_id: str) -> dict[str, Any]:
        try:
            return self._read(secret_id, None, None)
        except AwsError as error:
            return {"SecretId": secret_id, "ErrorCode": error.kind, "Message": error.message}


def _error(kind: str, message: str) -> AwsError:
    return AwsError(kind, message, key="Message")


def _not_found(what: str) -> AwsError:
    return _error("ResourceNotFoundException", f"Secrets Manager can't find the specified {what}")

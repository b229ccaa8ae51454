"""One name in Parameter Store, where a secret is a SecureString.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from boto3.session import Session
from botocore.exceptions import ClientError

from ....extension.sources.parameter import Parameter
from ...output.change import Change
from ...output.failure import Failure
from .. import description
from ..stored import SECURE, Absent, Stored
from . import put_request
from .present import Present
from .put_request import PutRequest
from .target import Target, Value, Version

if TYPE_CHECKING:
    from types_boto3_ssm.type_defs import ParameterTypeDef

# Characters of a value; https://docs.aws.amazon.com/general/latest/gr/ssm.html
STANDARD_LIMIT, ADVANCED_LIMIT = 4096, 8192

_AWS_KEY = "alias/aws/ssm"
_TOO_LARGE = (
    f"the tier Standard allows {STANDARD_LIMIT}; pass --tier Advanced ({ADVANCED_LIMIT} "
    "characters, a monthly charge, irreversible), or --tier Intelligent-Tiering, which takes the "
    "smaller that fits"
)
_REMEDIES: Mapping[str, str] = {
    "InvalidKeyId": "name the key by ARN, id or alias/NAME; it must be enabled, and in this region",
    "ParameterAlreadyExists": "somebody else has just stored it; review it, and run this again",
    "ParameterLimitExceeded": "delete some, or pass --tier Advanced",
    "ParameterMaxVersionLimitExceeded": "its oldest version has a label; move that to a newer one",
    "HierarchyTypeMismatchException": "delete it, and store it again",
    "TooManyUpdates": "run this again in a moment",
}
_DENIED = "grant ssm:PutParameter on it, and kms:Encrypt on its key"


class ParameterTarget(Target):
    """A parameter."""

    def __init__(self, session: Session, name: str, *, tags: bool = False) -> None:
        super().__init__(session, name, tags=tags)
        self._client = session.client("ssm")

    def look_up(self) -> Present | None:
        """What is stored; None where nothing is.

        Raises:
            Failure: Neither a description nor the value may be seen.
        """
        [entry] = description.look_up(self._session, [Parameter(self.name)]).values()
        if isinstance(entry, Absent) and entry.reason != "denied":
            return None
        try:
            read = self._client.get_parameter(Name=self.name, WithDecryption=True)["Parameter"]
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "ParameterNotFound":
                return None
            if isinstance(entry, Absent):
                raise Failure(
                    f"there is no permission to see whether {self.name} is stored already",
                    "grant ssm:DescribeParameters, or ssm:GetParameter on it",
                ) from None
            unknown = f"not compared with the current one: {code}"
            return Present(entry[0], None, unknown, tags=self._tags())
        if isinstance(entry, Absent):
            stored = _without_description(read)
            return Present(stored, read["Value"], described=False, tags=self._tags())
        return Present(entry[0], read["Value"], tags=self._tags())

    def check(self, request: PutRequest, present: Present | None) -> None:
        """Make sure that SSM will take it, as far as that can be told beforehand.

        Raises:
            Failure: It won't.
        """
        size = len(request.value)
        if size > ADVANCED_LIMIT:
            raise Failure(
                f"the value has {size} characters, and Parameter Store allows {ADVANCED_LIMIT}",
                "keep it in Secrets Manager (warmkey put secretsmanager:NAME), which allows 65536 "
                "bytes",
            )
        tier = request.tier or (present.stored.tier if present else "")
        if tier == "Standard" and size > STANDARD_LIMIT:
            raise Failure(f"the value has {size} characters", _TOO_LARGE)
        if request.tier == "Standard" and present and present.stored.tier == "Advanced":
            raise Failure(
                f"{self.name} is Advanced, which can't become Standard again",
                "leave --tier out, or delete it and store it again",
            )
        if tier == "Standard" and request.policies:
            raise Failure("only the tier Advanced has policies", "pass --tier Advanced, too")
        if present and not present.described and request.key is None:
            raise Failure(
                f"the KMS key of {self.name} is not visible, and would be replaced by AWS's own",
                "name it with --kms-key, or grant ssm:DescribeParameters",
            )

    def change(self, request: PutRequest, present: Present | None, where: str) -> Change:
        """What storing it changes; nothing where the same is stored already."""
        subject = f"parameter {self.name} in {where}"
        if present is None:
            defaults = {"version": "1", "key": _AWS_KEY, "type": SECURE}
            return put_request.creation(subject, request, defaults)
        stored = present.stored
        after = {"type": SECURE}
        if (becomes := _tier(request, stored)) != stored.tier:
            after["tier"] = becomes
        version = str(int(stored.version) + 1)
        return put_request.replacement(subject, request, present, after, version)

    def put(self, request: PutRequest, present: Present | None) -> str:
        """Store it, and say as which version.

        Raises:
            Failure: AWS refused.
        """
        try:
            answer = self._client.put_parameter(**self._arguments(request, present))
            if present and request.tags:  # which overwriting takes none of
                self._client.add_tags_to_resource(
                    ResourceType="Parameter",
                    ResourceId=self.name,
                    Tags=put_request.pairs(request.tags),  # type: ignore[arg-type]
                )
        except ClientError as error:
            remedies = dict(_REMEDIES)
            if len(request.value) > STANDARD_LIMIT:
                remedies["ValidationException"] = _TOO_LARGE
            name = error.operation_name
            raise put_request.refused(name, error, request.value, remedies, _DENIED) from None
        return str(answer["Version"])

    def read(self, version: str) -> Value:
        """What is stored in a version or label; the latest where it is empty."""
        name = f"{self.name}:{version}" if version else self.name
        found = self._client.get_parameter(Name=name, WithDecryption=True)["Parameter"]
        return Value(found["Value"], str(found["Version"]))

    def history(self) -> list[Version]:
        """Every version that there still is, the newest first; without values."""
        pages = self._client.get_paginator("get_parameter_history").paginate(
            Name=self.name, WithDecryption=False
        )
        found = [
            Version(
                str(each["Version"]),
                each.get("LastModifiedDate"),
                tuple(each.get("Labels", ())),
                each.get("LastModifiedUser", ""),
            )
            for page in pages
            for each in page["Parameters"]
        ]
        return sorted(found, key=lambda each: -int(each.version))

    def removal(self, present: Present, where: str, _days: int) -> Change:
        """What deleting it changes; it can't be brought back."""
        told = {"version": present.stored.version, "value": "(gone, with all its versions)"}
        return Change(f"parameter {self.name} in {where}", told, {})

    def delete(self, _days: int) -> None:
        """Delete it, at once."""
        self._client.delete_parameter(Name=self.name)

    def _arguments(self, request: PutRequest, present: Present | None) -> dict[str, Any]:
        """What PutParameter is called with; what it is not told again, it sets to its defaults."""
        kept = _kept(present.stored) if present else {}
        wanted = {
            "KeyId": request.key,
            "Description": request.description,
            "Tier": request.tier,
            "Policies": request.policies,
            "Tags": None if present else put_request.pairs(request.tags),
        }
        return {
            "Name": self.name,
            "Value": request.value,
            "Type": SECURE,
            "Overwrite": present is not None,
            **kept,
            **put_request.given(wanted),
        }

    def _tags(self) -> dict[str, str]:
        if not self._with_tags:
            return {}
        found = self._client.list_tags_for_resource(ResourceType="Parameter", ResourceId=self.name)
        return {each["Key"]: each["Value"] for each in found["TagList"]}


def check_policies(text: str) -> str:
    """Parameter policies as SSM takes them.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policies.html

    Raises:
        ValueError: They are no JSON list of objects with a `Type`.
    """
    found = json.loads(text)
    if not (isinstance(found, list) and all(isinstance(e, dict) and "Type" in e for e in found)):
        raise ValueError
    return json.dumps(found, separators=(",", ":"))


def _tier(request: PutRequest, stored: Stored) -> str:
    """The tier that it is to have; Intelligent-Tiering takes back nothing."""
    if request.tier == "Intelligent-Tiering":
        return "Advanced" if len(request.value) > STANDARD_LIMIT else stored.tier
    return request.tier or stored.tier


def _kept(stored: Stored) -> dict[str, str]:
    kept = {"KeyId": stored.key, "Description": stored.description, "Tier": stored.tier}
    return put_request.given(kept)


def _without_description(read: "ParameterTypeDef") -> Stored:
    return Stored(read["Name"], read["Type"], str(read["Version"]), read.get("LastModifiedDate"))

"""Published layers in Lambda: which versions there are, what is in them, and who may use them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..account import RETRYING, Account
from ..output.failure import Failure
from . import layer
from .layer import LayerVersion
from .zips import Zip

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

_MISSING = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who, besides the account itself, may use a layer version.

    Attributes:
        organization: The organization whose accounts may.
        account: The account that may. Both empty: everybody may.
    """

    organization: str = ""
    account: str = ""

    @property
    def sid(self) -> str:
        """The name of the statement that allows it."""
        return f"warmkey-{self.organization or self.account or 'public'}"

    def __str__(self) -> str:
        if self.organization:
            return f"organization {self.organization}"
        return f"account {self.account}" if self.account else "everybody"


class LayerStore:
    """The layers of an account in one region, and those of others that it may use.

    Args:
        client: Lambda's.
    """

    def __init__(self, client: "LambdaClient") -> None:
        self._client = client

    @classmethod
    def of(cls, account: Account) -> "LayerStore":
        """Those of an account in its region."""
        return cls(account.session.client("lambda", config=RETRYING))

    @property
    def region(self) -> str:
        """The region."""
        return self._client.meta.region_name

    def versions(self, name: str) -> Iterator[LayerVersion]:
        """The versions of a layer, in whatever order; none where there is no such layer."""
        pages = self._client.get_paginator("list_layer_versions").paginate(LayerName=name)
        for page in pages:
            yield from map(_version, page["LayerVersions"])

    def newest(self, architecture: str) -> LayerVersion:
        """The newest version of Warmkey's layer that is published here.

        Raises:
            Failure: There is none.
        """
        name, region = layer.NAMES[architecture], self.region
        if versions := list(self.versions(name)):
            return max(versions, key=lambda version: version.number)
        raise Failure(
            f"there is no layer {name} in {region}",
            f"publish it (warmkey publish --region {region}), or name another one with --layer",
        )

    def get(self, arn: str) -> LayerVersion:
        """A layer version by its ARN, of whatever account.

        Raises:
            Failure: There is none, or it may not be used from here.
        """
        try:
            return _version(self._describe(arn))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code != _MISSING and not code.startswith("AccessDenied"):
                raise
            raise Failure(
                f"there is no layer {arn}, or this account may not use it",
                "check the ARN, or have its owner grant lambda:GetLayerVersion to this account",
            ) from None

    def find(self, content: Zip) -> LayerVersion | None:
        """The version that holds just this, among those of the same description."""
        name = layer.NAMES[content.architecture]
        for version in self.versions(name):
            if version.description == layer.describe(content.version):
                described = self._describe(version.arn)
                if described["Content"]["CodeSha256"] == content.sha256:
                    return version
        return None

    def publish(self, content: Zip) -> LayerVersion:
        """Publish it, for its architecture and every runtime."""
        return _version(
            self._client.publish_layer_version(
                LayerName=layer.NAMES[content.architecture],
                Description=layer.describe(content.version),
                LicenseInfo=content.licences,
                CompatibleArchitectures=[content.architecture],  # type: ignore[list-item]
                Content={"ZipFile": content.content},
            )
        )

    def is_open_to(self, version: LayerVersion, audience: Audience) -> bool:
        """Whether somebody may use a version."""
        return any(statement["Sid"] == audience.sid for statement in self._statements(version))

    def is_shared(self, version: LayerVersion) -> bool:
        """Whether anybody else than the account itself may use a version."""
        return bool(self._statements(version))

    def delete(self, version: LayerVersion) -> None:
        """Delete a version; functions that have it keep it, and no other can get it.

        Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteLayerVersion.html
        """
        self._client.delete_layer_version(
            LayerName=layer.without_number(version.arn), VersionNumber=version.number
        )

    def open_to(self, version: LayerVersion, audience: Audience) -> None:
        """Allow somebody to use a version.

        Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html
        """
        more = {"OrganizationId": audience.organization} if audience.organization else {}
        self._client.add_layer_version_permission(
            LayerName=layer.without_number(version.arn),
            VersionNumber=version.number,
            StatementId=audience.sid,
            Action="lambda:GetLayerVersion",
            Principal=audience.account or "*",
            **more,
        )

    def _statements(self, version: LayerVersion) -> list[dict[str, Any]]:
        try:
            response = self._client.get_layer_version_policy(
                LayerName=layer.without_number(version.arn), VersionNumber=version.number
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _MISSING:
                raise
            return []
        found: list[dict[str, Any]] = json.loads(response["Policy"])["Statement"]
        return found

    def _describe(self, arn: str) -> Any:
        return self._client.get_layer_version(
            LayerName=layer.without_number(arn), VersionNumber=int(arn.rpartition(":")[2])
        )


def _version(response: Any) -> LayerVersion:
    return LayerVersion(
        response["LayerVersionArn"],
        response.get("Description", ""),
        tuple(response.get("CompatibleArchitectures", ())),
    )

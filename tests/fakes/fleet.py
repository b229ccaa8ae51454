"""Functions and layers that an operator's account has, and zips to publish."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from layer.build.contents.sbom import INPUTS, LOCKED
from tests.fakes.operator import ACCOUNT, REGION, Operator
from warmkey.deploy.functions import configuration
from warmkey.deploy.functions.configuration import Configuration

AWS_EXTENSION = "AWS-Parameters-and-Secrets-Lambda-Extension"
_HERE = f"arn:aws:lambda:{REGION}:{ACCOUNT}"


def zip_of(files: Mapping[str, str]) -> bytes:
    """A zip with some files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return held.getvalue()


def layer_zip(architecture: str, version: str, build: str = "", inputs: str = LOCKED) -> bytes:
    """A layer's zip, as far as publishing it looks into it.

    Args:
        architecture: For which it is.
        version: The version of Warmkey that it says it has.
        build: What makes it another one than others of the same version.
        inputs: What it says of what it is built from.
    """
    properties = [{"name": INPUTS, "value": inputs}]
    component = {"version": version, "licenses": [{"license": {"id": "Apache-2.0"}}]}
    bill = {
        "metadata": {"component": component, "properties": properties},
        "components": [
            {"name": name, "licenses": [{"expression": licence}]}
            for name, licence in (("python", "Python-2.0.1"), ("musl", "MIT"), ("other", "MIT"))
        ],
    }
    return zip_of({"warmkey/sbom.cdx.json": json.dumps(bill), architecture: build})


def put_zips(folder: Path, version: str = "0.1.0", build: str = "") -> None:
    """What `make layer` leaves in `dist`."""
    folder.mkdir(exist_ok=True)
    for architecture in ("x86_64", "arm64"):
        file = folder / f"warmkey-layer-{architecture}.zip"
        file.write_bytes(layer_zip(architecture, version, build))


def function_arn(name: str) -> str:
    """The ARN of a function."""
    return f"{_HERE}:function:{name}"


def layer_arn(name: str, number: int = 1) -> str:
    """The ARN of a layer's version."""
    return f"{_HERE}:layer:{name}:{number}"


class Fleet:
    """What there is in an operator's account.

    Args:
        operator: The operator.
        region: Where it is.
    """

    def __init__(self, operator: Operator, region: str = REGION) -> None:
        self._lambda = operator.client("lambda", region)
        self._iam = operator.client("iam", region)

    def layer(
        self, name: str, description: str = "", architectures: Sequence[str] = ("x86_64",)
    ) -> str:
        """Publish a layer's version, and return its ARN."""
        arn: str = self._lambda.publish_layer_version(
            LayerName=name,
            Description=description,
            CompatibleArchitectures=list(architectures),
            Content={"ZipFile": zip_of({"name": name})},
        )["LayerVersionArn"]
        return arn

    def warmkey(self, version: str = "0.1.0") -> None:
        """Publish Warmkey's layers."""
        for architecture in ("x86_64", "arm64"):
            self.layer(f"warmkey-{architecture}", f"Warmkey {version}", [architecture])

    def function(
        self,
        name: str,
        *layers: str,
        variables: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        runtime: str = "python3.13",
        architecture: str = "x86_64",
        role: str = "",
    ) -> None:
        """Create a function, with a role of its own unless the ARN of another's is given."""
        self._lambda.create_function(
            FunctionName=name,
            Runtime=runtime,
            Role=role or self._role(f"{name}-role"),
            Handler="handler.handle",
            Code={"ZipFile": zip_of({"handler.py": ""})},
            Architectures=[architecture],
            Layers=list(layers),
            Environment={"Variables": dict(variables or {})},
            Tags=dict(tags or {}),
        )

    def image(self, name: str) -> None:
        """Create a function from a container image."""
        self._lambda.create_function(
            FunctionName=name,
            PackageType="Image",
            Role=self._role(f"{name}-role"),
            Code={"ImageUri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/image:latest"},
        )

    def __getitem__(self, name: str) -> Configuration:
        """A function as it is now."""
        return configuration.read(self._lambda.get_function(FunctionName=name)["Configuration"])

    def versions(self, name: str) -> list[dict[str, Any]]:
        """The versions of a layer, the newest first."""
        found: list[dict[str, Any]] = self._lambda.list_layer_versions(LayerName=name)[
            "LayerVersions"
        ]
        return found

    def statements(self, name: str, number: int = 1) -> list[dict[str, Any]]:
        """Who may use a layer's version."""
        policy = self._lambda.get_layer_version_policy(LayerName=name, VersionNumber=number)
        found: list[dict[str, Any]] = json.loads(policy["Policy"])["Statement"]
        return found

    def policies(self, name: str) -> dict[str, Any]:
        """The inline policies of a function's role."""
        role = f"{name}-role"
        names = self._iam.list_role_policies(RoleName=role)["PolicyNames"]
        return {
            each: self._iam.get_role_policy(RoleName=role, PolicyName=each)["PolicyDocument"]
            for each in names
        }

    def _role(self, name: str) -> str:
        arn: str = self._iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"][
            "Arn"
        ]
        return arn
